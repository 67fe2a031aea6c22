package io.sagitta.connectors.file;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.PlainRows;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.Format;
import io.sagitta.engine.WireSchemas;
import io.sagitta.policy.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileSourceTest {
  private static final String MANY =
      "SELECT TIMESTAMPTZ '2001-01-01 00:00:00+00' + to_minutes(i) AS date, CAST(i %% 100 AS"
          + " INTEGER) AS delay, 'airport \"' || i || '\"' || chr(10) || 'line' AS origin FROM"
          + " range(%d, %d) t(i)";

  private final BufferAllocator allocator = new RootAllocator();
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private SourceReader open(FileSource source, String position) throws ConnectorException {
    return new FileSourceConnector()
        .open(
            "flights",
            source,
            Reach.free(Path.of("")),
            position,
            WireSchemas.of(source),
            allocator);
  }

  /** What one chunk was. */
  private record Seen(
      List<List<@Nullable Object>> rows, List<List<@Nullable Object>> rejects, String position) {}

  private static Optional<Seen> next(SourceReader reader) throws ConnectorException {
    Optional<SourceReader.Chunk> next = reader.next();
    if (next.isEmpty()) {
      return Optional.empty();
    }
    try (SourceReader.Chunk chunk = next.get()) {
      return Optional.of(
          new Seen(
              PlainRows.of(chunk.rows()),
              chunk.rejects().map(PlainRows::of).orElse(List.of()),
              chunk.position()));
    }
  }

  private static List<Seen> all(SourceReader reader) throws ConnectorException {
    List<Seen> chunks = new ArrayList<>();
    for (Optional<Seen> seen = next(reader); seen.isPresent(); seen = next(reader)) {
      chunks.add(seen.get());
    }
    return chunks;
  }

  private static List<List<@Nullable Object>> rows(List<Seen> chunks) {
    return chunks.stream().flatMap(c -> c.rows().stream()).toList();
  }

  private Path write(String name, String query) throws Exception {
    Path file = folder.resolve(name);
    Format format =
        name.endsWith(".csv")
            ? Format.CSV
            : name.endsWith(".jsonl")
                ? Format.JSON
                : name.endsWith(".parquet") ? Format.PARQUET : Format.ARROW;
    Samples.write(file, format, query, allocator);
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void next_everyFormat_givesAllRowsInOrderAndTheSameAfterEachPosition(Format format)
      throws Exception {
    String extension = Samples.extension(format);
    write("b" + extension, MANY.formatted(150_000, 200_000));
    write("a" + extension, MANY.formatted(0, 150_000));
    write(".hidden" + extension, MANY.formatted(0, 10));
    write("c" + extension + ".tmp" + extension, MANY.formatted(200_000, 200_001));
    Files.move(folder.resolve("c" + extension + ".tmp" + extension), folder.resolve("c.tmp"));
    FileSource source = Samples.source(folder, format, false);
    List<Seen> chunks;
    try (SourceReader reader = open(source, "")) {
      chunks = all(reader);
      assertThat(reader.ended()).isTrue();
    }
    List<List<@Nullable Object>> rows = rows(chunks);
    assertThat(rows).hasSize(200_000);
    for (int i : new int[] {0, 1, 65_535, 65_536, 149_999, 150_000, 199_999}) {
      assertThat(rows.get(i))
          .isEqualTo(
              row(
                  Instant.parse("2001-01-01T00:00:00Z").plusSeconds(60L * i),
                  (long) i % 100,
                  "airport \"" + i + "\"\nline"));
    }
    assertThat(chunks).hasSizeGreaterThan(4);
    String before = "";
    for (Seen chunk : chunks) {
      try (SourceReader again = open(source, before)) {
        assertThat(next(again)).contains(chunk);
      }
      before = chunk.position();
    }
    try (SourceReader finished = open(source, before)) {
      assertThat(all(finished)).isEmpty();
      assertThat(finished.ended()).isTrue();
    }
  }

  @Test
  void linkInTheFolder_thatLeadsOutOfReach_isNotRead() throws Exception {
    Path host = Files.createDirectories(folder.resolve("host"));
    Files.writeString(
        host.resolve("secret.csv"), "date,delay,origin\n2001-01-01T00:00:00Z,1,SECRET\n");
    Path in = Files.createDirectories(folder.resolve("node/in"));
    Files.createSymbolicLink(in.resolve("a.csv"), host.resolve("secret.csv"));
    Reach reach =
        Reach.of(folder.resolve("node"), new Resource.Pipeline("t", "p"), Optional::empty);
    for (String path : List.of("in", "in/*.csv", "in/a.csv")) {
      FileSource source = Samples.source(Path.of(path), Format.CSV, false);
      assertThatThrownBy(
              () -> {
                try (SourceReader reader =
                    new FileSourceConnector()
                        .open("flights", source, reach, "", WireSchemas.of(source), allocator)) {
                  all(reader);
                }
              })
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("leads to " + host.toRealPath().resolve("secret.csv"));
    }
  }

  @Test
  void next_arrowStream_isReadToo() throws Exception {
    Path file = write("flights.arrows", MANY.formatted(0, 60_000));
    try (SourceReader reader = open(Samples.source(file, Format.ARROW, false), "")) {
      assertThat(rows(all(reader))).hasSize(60_000);
    }
  }

  @Test
  void next_badLines_goToRejectsWithFileAndReason() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("flights.csv"),
            """
            date,delay,origin
            2001-01-01T00:00:00Z,5,LAS
            2001-01-01T00:00:00Z,late,LAS
            2001-01-01T00:00:00Z,5,
            2001-01-01T00:00:00Z,6,PHL
            """);
    try (SourceReader reader = open(Samples.source(file, Format.CSV, false), "")) {
      List<Seen> chunks = all(reader);
      assertThat(rows(chunks).stream().map(r -> r.get(2))).containsExactly("LAS", "PHL");
      List<List<@Nullable Object>> rejects =
          chunks.stream().flatMap(c -> c.rejects().stream()).toList();
      assertThat(rejects.stream().map(r -> r.subList(0, 2)))
          .containsExactly(row("flights", "wrong_type"), row("flights", "missing_required"));
      assertThat(String.valueOf(rejects.get(0).get(2)))
          .startsWith("flights.csv from byte 18: ")
          .contains("delay");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PARQUET", "ARROW"})
  void next_valuesThatDoNotFit_goToRejects(Format format) throws Exception {
    Path file =
        write(
            "flights" + Samples.extension(format),
            "SELECT * FROM (VALUES (TIMESTAMP '2001-01-01', 5.0, 'LAS'), (TIMESTAMP '2001-01-01',"
                + " 5.5, 'LAS'), (TIMESTAMP '2001-01-01', 3e9, 'LAS'), (NULL, 5.0, 'LAS'),"
                + " (TIMESTAMP '2001-01-01', NULL, NULL), (TIMESTAMP '12001-01-01', 5.0, 'LAS'),"
                + " (TIMESTAMP '2001-01-01', NULL, 'PHL')) t(date, delay, origin)");
    try (SourceReader reader = open(Samples.source(file, format, false), "")) {
      List<Seen> chunks = all(reader);
      assertThat(rows(chunks))
          .containsExactly(
              row(Instant.parse("2001-01-01T00:00:00Z"), 5L, "LAS"),
              row(Instant.parse("2001-01-01T00:00:00Z"), null, "PHL"));
      List<List<@Nullable Object>> rejects =
          chunks.stream().flatMap(c -> c.rejects().stream()).toList();
      assertThat(rejects.stream().map(r -> r.get(1)))
          .containsExactly(
              "out_of_range",
              "out_of_range",
              "bad_event_time",
              "missing_required",
              "bad_event_time");
      assertThat(String.valueOf(rejects.get(0).get(2))).contains("delay: '5.5' does not fit int32");
      assertThat(String.valueOf(rejects.get(0).get(3))).contains("\"delay\":5.5");
    }
  }

  @Test
  void open_parquetOfOtherColumns_namesEveryMismatch() throws Exception {
    Path file = write("flights.parquet", "SELECT now() AS date, 'x' AS delay");
    try (SourceReader reader = open(Samples.source(file, Format.PARQUET, false), "")) {
      assertThatThrownBy(() -> all(reader))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("has column delay as VARCHAR, but the schema says int32")
          .hasMessageContaining("has no column origin, which is required");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PARQUET", "ARROW"})
  void next_damagedFile_saysWhich(Format format) throws Exception {
    Path file = write("flights" + Samples.extension(format), MANY.formatted(0, 60_000));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    try (SourceReader reader = open(Samples.source(file, format, false), "")) {
      assertThatThrownBy(() -> all(reader))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("Replace or remove the file");
    }
  }

  @Test
  void next_noDeclaredEventTime_isWhenTheFileWasModified() throws Exception {
    Instant modified = Instant.parse("2020-02-02T02:02:02.123Z");
    for (Format format : List.of(Format.JSON, Format.PARQUET)) {
      Path file = write("flights" + Samples.extension(format), MANY.formatted(0, 1));
      Files.setLastModifiedTime(file, FileTime.from(modified));
      FileSource source =
          new FileSource(
              file.toString(), format, false, Samples.FLIGHTS, Optional.empty(), List.of());
      try (SourceReader reader = open(source, "")) {
        assertThat(rows(all(reader)).get(0).get(3)).isEqualTo(modified);
      }
    }
  }

  @Test
  void follow_filesThatAppearLater_areReadOnceWhateverTheirNames() throws Exception {
    write("m.jsonl", MANY.formatted(0, 10));
    FileSource source = Samples.source(folder, Format.JSON, true);
    String position;
    try (SourceReader reader = open(source, "")) {
      List<Seen> first = all(reader);
      assertThat(rows(first)).hasSize(10);
      assertThat(reader.ended()).isFalse();
      write("z.jsonl", MANY.formatted(10, 20));
      write("a.jsonl", MANY.formatted(20, 30));
      Files.writeString(folder.resolve("b.jsonl.part"), "{");
      List<Seen> then = all(reader);
      assertThat(rows(then).stream().map(r -> r.get(1))).startsWith(20L).endsWith(19L).hasSize(20);
      position = then.get(then.size() - 1).position();
    }
    Files.delete(folder.resolve("m.jsonl"));
    try (SourceReader again = open(source, position)) {
      assertThat(all(again)).isEmpty();
      write("b.jsonl", MANY.formatted(30, 31));
      assertThat(rows(all(again))).hasSize(1);
    }
  }

  @Test
  void follow_fileThatGrows_isAnErrorThatSaysWhatToDo() throws Exception {
    Path file = write("m.jsonl", MANY.formatted(0, 100_000));
    FileSource source = Samples.source(folder, Format.JSON, true);
    try (SourceReader reader = open(source, "")) {
      assertThat(next(reader)).isPresent();
      assertThat(next(reader)).isPresent();
      Files.writeString(file, "{}\n", java.nio.file.StandardOpenOption.APPEND);
      assertThatThrownBy(() -> next(reader))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("A file must be complete when it gets its name");
    }
  }

  @Test
  void open_globAndAbsentPath() throws Exception {
    Files.createDirectories(folder.resolve("2001/01"));
    write("2001/01/x.jsonl", MANY.formatted(0, 3));
    write("y.jsonl", MANY.formatted(3, 5));
    FileSource glob = Samples.source(folder.resolve("**/*.jsonl"), Format.JSON, false);
    try (SourceReader reader = open(glob, "")) {
      assertThat(rows(all(reader))).hasSize(3);
    }
    assertThatThrownBy(() -> open(Samples.source(folder.resolve("absent"), Format.JSON, false), ""))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("names nothing: there is no");
  }
}
