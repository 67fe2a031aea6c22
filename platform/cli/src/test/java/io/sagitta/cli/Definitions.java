package io.sagitta.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pipeline files for tests. */
final class Definitions {
  /** Conversion and filter, counts by hour and origin; on parameter {@code region}. */
  static final String FLIGHTS =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: flights, tenant: aviation, owner: team-aviation}
      spec:
        mode: streaming
        sources:
          departures:
            type: http
            schema:
              date: {type: timestamp, required: true}
              delay: {type: int32, unit: min}
              origin: {type: string, required: true}
            event_time: {field: date, max_lateness: 1m}
        stages:
          clean:
            type: clean
            inputs: [departures]
            units: {delay: s}
          by_origin:
            type: sql
            inputs: [clean]
            key: [origin]
            window: {tumbling: 1h}
            query: |
              SELECT origin, count(*) AS flights
              FROM clean GROUP BY origin
        streams:
          punctuality: {inputs: [by_origin], key: [origin], retain: 1d}
      """;

  private Definitions() {}

  /** Writes {@code text} into {@code folder} and returns the file. */
  static Path write(Path folder, String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
