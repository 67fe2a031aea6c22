package io.sagitta.control;

/** Definitions for tests; each test has pipelines of its own. */
final class Definitions {
  private static final String FLIGHTS =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: NAME, tenant: aviation}
      spec:
        mode: streaming
        parallelism: 2
        sources:
          departures:
            type: http
            schema:
              date: {type: timestamp, required: true}
              delay: {type: int32, unit: min}
              origin: {type: string, required: true}
              phone: {type: string, sensitive: true}
            event_time: {field: date, max_lateness: 1m}
        stages:
          clean:
            type: clean
            inputs: [departures]
            units: {delay: s}
          once: {type: dedupe, inputs: [clean], key: [origin, date], within: 1h}
          by_origin:
            type: sql
            inputs: [once]
            key: [origin]
            window: {tumbling: 1h}
            query: SELECT origin, count(*) AS flights FROM once GROUP BY origin
        streams:
          punctuality: {inputs: [by_origin], key: [origin], retain: 1d}
          rows: {inputs: [clean], retain: 1d}
      """;

  private Definitions() {}

  /** Conversion, dedupe and a window, in two partitions. */
  static String flights(String name) {
    return FLIGHTS.replace("NAME", name);
  }

  /** Reads the stream {@code rows} of {@code publisher}. */
  static String reader(String name, String publisher) {
    return """
        apiVersion: sagitta/v1
        kind: Pipeline
        metadata: {name: %s, tenant: aviation}
        spec:
          mode: streaming
          sources:
            flights:
              type: pulsar
              stream: aviation/%s/rows
              schema:
                origin: {type: string}
          stages:
            some: {type: sql, inputs: [flights], query: SELECT * FROM flights}
          streams:
            some: {inputs: [some], retain: 1d}
        """
        .formatted(name, publisher);
  }

  /** Joins a table from a file. */
  static String withTable(String name) {
    return """
        apiVersion: sagitta/v1
        kind: Pipeline
        metadata: {name: %s, tenant: aviation}
        spec:
          mode: streaming
          sources:
            flights:
              type: http
              schema:
                origin: {type: string}
          tables:
            airports:
              type: file
              path: airports.csv
              key: iata
              schema:
                iata: {type: string}
                city: {type: string}
          stages:
            named:
              type: sql
              inputs: [flights]
              query: SELECT f.*, a.city FROM flights f LEFT JOIN airports a ON a.iata = f.origin
          streams:
            named: {inputs: [named], retain: 1d}
        """
        .formatted(name);
  }

  /** Joins a table from a database. */
  static String withDatabaseTable(String name, String url) {
    return withTable(name)
        .replace(
            "      type: file\n      path: airports.csv\n",
            "      type: jdbc\n      url: \"%s\"\n      query: FROM airport ORDER BY iata\n"
                .formatted(url));
  }
}
