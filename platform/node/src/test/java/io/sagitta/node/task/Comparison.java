package io.sagitta.node.task;

import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.node.task.Judged.Kind;
import io.sagitta.transport.Header;
import io.sagitta.transport.Topics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Compares what many runs of one shape left behind with what plain SQL finds. */
final class Comparison {
  private static final Pattern SEQ = Pattern.compile("\"seq\":\"?(\\d+)");

  private final Shape shape;
  private final BufferAllocator allocator;
  private final List<String> runs = new ArrayList<>();
  private final List<Boolean> late = new ArrayList<>();
  private final Map<String, Came> chains = new LinkedHashMap<>();
  private final Map<Integer, List<String>> quarantined = new TreeMap<>();
  private final Map<Integer, List<String>> expectedInQuarantine = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();

  /** What came to a chain, and what it made, by run. */
  private static final class Came {
    final Kind kind;
    final List<String> rows = new ArrayList<>();
    final Map<Integer, List<String>> made = new TreeMap<>();
    final Map<Integer, Counts> ledger = new TreeMap<>();
    final Map<Integer, Integer> count = new TreeMap<>();

    Came(Kind kind) {
      this.kind = kind;
    }
  }

  Comparison(Shape shape, BufferAllocator allocator) {
    this.shape = shape;
    this.allocator = allocator;
  }

  /** Adds a run that has ended. Returns what it made for its stream. */
  List<String> add(Interleaving run) {
    int number = runs.size();
    runs.add(run.toString());
    late.add(run.late());
    List<String> inStream = List.of();
    for (Chain chain : run.plan().chains()) {
      List<Owner> owners =
          run.owners().stream().filter(o -> o.spec().chain().equals(chain)).toList();
      Came came =
          chains.computeIfAbsent(chain.name(), name -> new Came(Kind.of(owners.get(0).spec())));
      for (Owner owner : owners) {
        TaskSpec spec = owner.spec();
        Judged rows = new Judged(spec, run.topic(spec.inputTopic()), allocator);
        note(came, number, spec, rows);
        came.ledger.merge(
            number, owner.counts().getOrDefault(chain.name(), Counts.ZERO), Counts::plus);
      }
      inStream = made(run, chain, came, number);
      came.made.put(number, inStream.stream().sorted().toList());
    }
    quarantine(run, number);
    return inStream.stream().sorted().toList();
  }

  private void note(Came came, int number, TaskSpec spec, Judged judged) {
    int at = 0;
    for (Judged.Row row : judged.rows()) {
      String time = row.micros() == Long.MIN_VALUE ? "NULL" : "" + row.micros();
      came.rows.add(
          "(%d, %d, %d, '%s', %s, %s, %s, %s, %s, %d, %d)"
              .formatted(
                  number,
                  spec.id().partition(),
                  at++,
                  row.input(),
                  row.value("seq"),
                  row.value("bit"),
                  row.value("origin").equals(Rows.NULL)
                      ? Rows.NULL
                      : "'" + row.value("origin") + "'",
                  row.value("delay"),
                  time,
                  row.watermark(),
                  row.session()));
      if (time.equals("NULL")) {
        expect(number, spec.chain().name() + "|event_time|" + row.value("seq"));
      }
    }
    came.count.merge(number, judged.rows().size(), Integer::sum);
  }

  private void expect(int number, String inQuarantine) {
    expectedInQuarantine.computeIfAbsent(number, n -> new ArrayList<>()).add(inQuarantine);
  }

  private List<String> made(Interleaving run, Chain chain, Came came, int number) {
    Chain.Output output = chain.outputs().get(0);
    TaskSpec spec = run.owners().get(0).spec();
    String topic =
        output instanceof Chain.Output.ToExchange exchange
            ? Topics.exchange(spec.id().pipeline(), exchange.stage())
            : Topics.stream(spec.id().pipeline(), ((Chain.Output.ToStream) output).stream());
    List<String> key = output instanceof Chain.Output.ToExchange e ? e.key() : List.of();
    List<String> columns =
        came.kind == Kind.SOURCE || came.kind == Kind.DEDUPE
            ? shape == Shape.ENRICHED
                ? List.of("seq", "origin", "delay", "rate", "event_time")
                : List.of("seq", "origin", "delay", "event_time")
            : List.of("origin", "n", "bits", "window_start", "window_end");
    List<String> made = new ArrayList<>();
    Map<String, Integer> partitions = new LinkedHashMap<>();
    Map<String, Long> last = new LinkedHashMap<>();
    for (int partition = 0; partition < spec.parallelism(); partition++) {
      for (MemoryTopic.Message message : run.topic(Topics.partition(topic, partition)).all()) {
        Header header = message.header();
        if (header.kind() != Header.Kind.ROWS || !header.from().startsWith(chain.name() + "/")) {
          continue;
        }
        try (VectorSchemaRoot rows = IpcCodec.decode(message.payload().duplicate(), allocator)) {
          for (Map<String, String> row : Rows.of(rows)) {
            made.add(text(row, columns));
            if (!key.isEmpty()) {
              int there = partition;
              int met = partitions.merge(text(row, key), there, (first, second) -> first);
              if (met != there) {
                differences.add(runs.get(number) + ": equal keys did not meet: " + row);
              }
            }
            if (columns.get(0).equals("seq")) {
              // Feeds number their rows in order, and a place belongs to one feed.
              long seq = Long.parseLong(row.getOrDefault("seq", ""));
              Long before =
                  last.put(row.get("origin") + " " + header.from() + " " + partition, seq);
              if (before != null && before >= seq) {
                differences.add(runs.get(number) + ": out of order: " + row);
              }
            }
          }
        }
      }
    }
    return made;
  }

  private static String text(Map<String, String> row, List<String> columns) {
    return String.join(
        "|", columns.stream().map(column -> row.getOrDefault(column, "absent")).toList());
  }

  private void quarantine(Interleaving run, int number) {
    String topic =
        Topics.partition(Topics.quarantine(run.owners().get(0).spec().id().pipeline()), 0);
    List<String> found = quarantined.computeIfAbsent(number, n -> new ArrayList<>());
    for (MemoryTopic.Message message : run.topic(topic).all()) {
      try (VectorSchemaRoot rows = IpcCodec.decode(message.payload().duplicate(), allocator)) {
        for (Map<String, String> row : Rows.of(rows)) {
          found.add(reason(row));
        }
      }
    }
    run.owners().stream()
        .filter(owner -> owner.spec().chain().head() instanceof Chain.Head.OfSource)
        .flatMap(owner -> run.topic(owner.spec().inputTopic()).all().stream())
        .filter(message -> message.header().kind() == Header.Kind.REJECTS)
        .forEach(
            message -> {
              try (VectorSchemaRoot rows =
                  IpcCodec.decode(message.payload().duplicate(), allocator)) {
                Rows.of(rows).forEach(row -> expect(number, reason(row)));
              }
            });
  }

  private static String reason(Map<String, String> row) {
    Matcher seq = SEQ.matcher(row.getOrDefault(Quarantine.ROW, ""));
    return row.get(Quarantine.STAGE)
        + "|"
        + row.get(Quarantine.REASON)
        + "|"
        + (seq.find() ? seq.group(1) : row);
  }

  /** Returns whatever is not as it must be, in words. */
  List<String> differences(PlainSql plain) throws SQLException {
    for (Map.Entry<String, Came> chain : chains.entrySet()) {
      Came came = chain.getValue();
      plain.load(came.rows);
      Map<Integer, List<String>> expected = plain.made(shape, came.kind);
      Map<Integer, List<String>> tooLate = plain.late(came.kind);
      for (int run = 0; run < runs.size(); run++) {
        compare(run, chain.getKey() + " made", came.made, expected);
        List<String> lateRows = tooLate.getOrDefault(run, List.of());
        for (String seq : lateRows) {
          expect(run, chain.getKey() + "|late|" + seq);
        }
        if (!lateRows.isEmpty() && !late.get(run)) {
          differences.add(runs.get(run) + ": late though in time: " + lateRows);
        }
        ledger(run, chain.getKey(), came, lateRows.size());
      }
    }
    for (int run = 0; run < runs.size(); run++) {
      compare(run, "quarantine has", quarantined, expectedInQuarantine);
    }
    return differences;
  }

  private void compare(
      int run, String what, Map<Integer, List<String>> found, Map<Integer, List<String>> expected) {
    List<String> is = found.getOrDefault(run, List.of()).stream().sorted().toList();
    List<String> must = expected.getOrDefault(run, List.of()).stream().sorted().toList();
    if (!is.equals(must)) {
      differences.add("%s: %s %s, and not %s".formatted(runs.get(run), what, is, must));
    }
  }

  private void ledger(int run, String chain, Came came, int lateRows) {
    Counts counts = came.ledger.getOrDefault(run, Counts.ZERO);
    long made = came.made.getOrDefault(run, List.of()).size();
    long in = came.count.getOrDefault(run, 0);
    boolean source = came.kind == Kind.SOURCE;
    if ((!source && counts.in() != in)
        || counts.late() != lateRows
        || counts.held() != 0
        || (!source && counts.out() != made)) {
      differences.add(
          "%s: the ledger of %s is %s; %d rows came, %d late, %d made"
              .formatted(runs.get(run), chain, counts, in, lateRows, made));
    }
  }
}
