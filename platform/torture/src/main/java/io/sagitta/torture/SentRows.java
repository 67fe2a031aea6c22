package io.sagitta.torture;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many rows a history says were sent.
 *
 * @param bySource all, repeated ones too
 * @param good those that are not impossible, each once
 */
record SentRows(Map<String, Long> bySource, long good) {
  SentRows {
    bySource = Map.copyOf(bySource);
  }

  /** Counts them in {@code folder}. */
  static SentRows in(Path folder, Shape shape) {
    Map<String, Long> rows = new LinkedHashMap<>();
    Set<String> good = new HashSet<>();
    Path file = folder.resolve("sent").resolve(shape.name() + ".ndjson");
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      while (line != null) {
        JsonNode row = History.JSON.readTree(line);
        String source = row.path("source").asText();
        rows.merge(source, 1L, Long::sum);
        if (row.path("amount").asDouble() > 0) {
          good.add(source + " " + row.path("feeder").asText() + " " + row.path("n").asLong());
        }
        line = reader.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return new SentRows(rows, good.size());
  }
}
