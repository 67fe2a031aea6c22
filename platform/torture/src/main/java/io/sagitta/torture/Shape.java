package io.sagitta.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One shape of pipeline to attack: its definition, what it is fed, and what must come of it, said
 * in plain SQL over exactly the rows that were sent.
 *
 * @param name the pipeline's name, and its definition's file
 * @param sources what is fed; each gets the same kinds of rows
 * @param traits what the rows are like
 * @param expect name of the stage whose expectation refuses impossible rows; empty if none does
 * @param version a column that says which version of a table a row met: any, but in all outputs of
 *     a row the same; empty if there is none
 * @param outputs what is read back
 */
record Shape(
    String name,
    List<String> sources,
    Traits traits,
    String expect,
    String version,
    List<Output> outputs) {
  /** What of a definition cannot change while rows wait, and something else in its place. */
  private static final List<Map.Entry<String, String>> UNFIT =
      List.of(
          Map.entry("within: 15m", "within: 1h"),
          Map.entry("tumbling: 1m", "tumbling: 2m"),
          Map.entry("tumbling: 24h", "tumbling: 12h"),
          Map.entry("sliding: 1m", "sliding: 2m"),
          Map.entry("session: 2s", "session: 3s"),
          Map.entry("parallelism: ", "parallelism: 1"));

  Shape {
    sources = List.copyOf(sources);
    outputs = List.copyOf(outputs);
  }

  /**
   * What rows are like.
   *
   * @param repeats whether some come twice
   * @param bad whether some break the expectation
   * @param late whether some are far behind the watermark
   * @param latenessSeconds how far behind a row of the same partition a row is surely on time
   */
  record Traits(boolean repeats, boolean bad, boolean late, int latenessSeconds) {}

  /** Where an output is read from. */
  enum Place {
    /** A stream, over the gateway. */
    STREAM,
    /** A table in PostgreSQL. */
    TABLE,
    /** A folder of Parquet files. */
    FOLDER;

    /** Returns what it is called in findings and files. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is read back. */
  sealed interface Output {
    /** Returns the name of the stream, table or folder. */
    String name();

    /** Returns where it is. */
    Place place();

    /** Returns the file of the history that it is read into. */
    default String file(Shape shape) {
      return "received/%s-%s-%s".formatted(shape.name(), place().word(), name());
    }

    /**
     * Every row itself, as it was sent.
     *
     * @param ordered whether rows of one key keep their order
     */
    record EachRow(String name, Place place, boolean ordered) implements Output {}

    /**
     * What a query makes of the rows, perhaps by window.
     *
     * @param stage whose late rows are not in it
     * @param columns columns and types of the result, as DuckDB reads them
     * @param query what DuckDB finds, over {@code kept} or {@code kept_SOURCE}: each row once,
     *     without the impossible and the late
     */
    record Results(
        String name, Place place, String stage, Map<String, String> columns, String query)
        implements Output {

      /** Returns whether it comes from windows. */
      boolean windowed() {
        return columns.containsKey("window_start");
      }

      public Results {
        columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
      }
    }
  }

  /** Returns {@code tenant/name}. */
  String pipeline() {
    return "torture/" + name;
  }

  /** Returns whether any of its outputs is at {@code place}. */
  boolean uses(Place place) {
    return outputs.stream().anyMatch(output -> output.place() == place);
  }

  /** Returns whether it needs a PostgreSQL. */
  boolean usesDatabase() {
    return uses(Place.TABLE) || !version.isEmpty();
  }

  /**
   * Returns the definition.
   *
   * @param values what stands for each {@code @name@} in its text
   */
  String definition(Map<String, String> values) {
    try (InputStream text = Shape.class.getResourceAsStream(name + ".yaml")) {
      if (text == null) {
        throw new IllegalStateException("No definition of " + name + " on the class path");
      }
      String definition = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        definition = definition.replace("@" + value.getKey() + "@", value.getValue());
      }
      return definition;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the definition of " + name, e);
    }
  }

  /** Returns {@code definition} with something that what runs cannot take over. */
  static String unfit(String definition) {
    for (Map.Entry<String, String> change : UNFIT) {
      if (definition.contains(change.getKey())) {
        return definition.replace(change.getKey(), change.getValue());
      }
    }
    throw new IllegalArgumentException("Nothing known in it cannot change");
  }
}
