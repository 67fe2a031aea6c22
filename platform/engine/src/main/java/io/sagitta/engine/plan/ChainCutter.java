package io.sagitta.engine.plan;

import io.sagitta.definition.CleanStage;
import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.engine.Chain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cuts checked stages into chains: at sources and at keyed or windowed stages, nowhere else. */
final class ChainCutter {
  private final Spec spec;
  private final Map<String, Chain.Head> heads = new LinkedHashMap<>();
  private final Map<String, String> chainOf = new LinkedHashMap<>();
  private final Map<String, List<String>> rowLocal = new LinkedHashMap<>();
  private final Map<String, List<Chain.Output>> outputs = new LinkedHashMap<>();
  private final Map<String, Set<String>> upstreams = new LinkedHashMap<>();

  private ChainCutter(Spec spec) {
    this.spec = spec;
  }

  /** Returns the chains, upstream first. */
  static List<Chain> cut(Spec spec) {
    return new ChainCutter(spec).chains();
  }

  /** Returns the columns by which a stage's input is split; empty for a row-local stage. */
  static Optional<List<String>> exchangeKey(Stage stage) {
    if (stage instanceof DedupeStage dedupe) {
      return Optional.of(dedupe.key());
    }
    if (stage instanceof SqlStage sql) {
      return sql.window().map(window -> sql.key());
    }
    if (stage instanceof CleanStage) {
      return Optional.empty();
    }
    throw new IllegalArgumentException("Unknown kind of stage: " + stage);
  }

  private List<Chain> chains() {
    spec.sources().keySet().forEach(name -> open(new Chain.Head.OfSource(name)));
    Relations.upstreamFirst(spec).forEach(this::place);
    spec.streams()
        .forEach(
            (name, stream) ->
                stream.inputs().forEach(from -> out(from, new Chain.Output.ToStream(from, name))));
    spec.sinks()
        .forEach(
            (name, sink) ->
                sink.inputs().forEach(from -> out(from, new Chain.Output.ToSink(from, name))));
    return heads.entrySet().stream()
        .map(
            head ->
                new Chain(
                    head.getValue(),
                    of(rowLocal, head.getKey()),
                    of(outputs, head.getKey()),
                    upstreams.getOrDefault(head.getKey(), Set.of())))
        .toList();
  }

  private void place(String name, Stage stage) {
    Optional<List<String>> key = exchangeKey(stage);
    if (key.isEmpty()) {
      String chain = chain(stage.inputs().get(0));
      chainOf.put(name, chain);
      rowLocal.computeIfAbsent(chain, c -> new ArrayList<>()).add(name);
      return;
    }
    open(new Chain.Head.OfStage(name));
    for (String from : stage.inputs()) {
      out(from, new Chain.Output.ToExchange(from, name, key.get()));
      upstreams.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(chain(from));
    }
  }

  private void open(Chain.Head head) {
    heads.put(head.name(), head);
    chainOf.put(head.name(), head.name());
  }

  private void out(String from, Chain.Output output) {
    outputs.computeIfAbsent(chain(from), c -> new ArrayList<>()).add(output);
  }

  private String chain(String name) {
    String chain = chainOf.get(name);
    if (chain == null) {
      throw new IllegalArgumentException("No chain holds " + name);
    }
    return chain;
  }

  private static <T> List<T> of(Map<String, List<T>> map, String name) {
    return map.getOrDefault(name, List.of());
  }
}
