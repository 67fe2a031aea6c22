package io.sagitta.control.apply;

import io.sagitta.definition.Stream;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.StreamVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The versions of a pipeline's streams. A stream starts with version 1; a revision that changes its
 * columns gives it the next one. Readers of an older version can read on as long as no column they
 * know has gone or changed its type.
 */
final class StreamVersions {
  private StreamVersions() {}

  /**
   * Returns the versions of what {@code deployment} publishes.
   *
   * @param plan its plan, if this version of Sagitta takes it
   */
  static Map<String, StreamVersion> of(Deployment deployment, Optional<Plan> plan) {
    // Revisions applied before streams had versions have none recorded.
    return plan.map(p -> after(deployment.streams(), p)).orElse(deployment.streams());
  }

  /**
   * Returns the versions that {@code plan}'s streams have.
   *
   * @param before those of the revision that it follows
   */
  static Map<String, StreamVersion> after(Map<String, StreamVersion> before, Plan plan) {
    Map<String, StreamVersion> versions = new TreeMap<>();
    plan.definition()
        .spec()
        .streams()
        .forEach(
            (name, stream) -> {
              StreamVersion old = before.get(name);
              Schema columns = columns(plan, stream);
              versions.put(
                  name,
                  old == null ? new StreamVersion(1, 1, columns.toJson()) : next(old, columns));
            });
    return versions;
  }

  private static StreamVersion next(StreamVersion old, Schema columns) {
    Schema before = columns(old);
    if (shapes(before).equals(shapes(columns))) {
      return new StreamVersion(old.version(), old.readableSince(), columns.toJson());
    }
    int version = old.version() + 1;
    boolean readable = shapes(columns).containsAll(shapes(before));
    return new StreamVersion(version, readable ? old.readableSince() : version, columns.toJson());
  }

  /** Returns names and types, which are what readers depend on. */
  private static List<String> shapes(Schema columns) {
    return columns.getFields().stream().map(c -> c.getName() + " " + c.getType()).toList();
  }

  private static Schema columns(Plan plan, Stream stream) {
    return plan.schema(stream.inputs().get(0));
  }

  /** Returns the columns of {@code stream}. */
  static Schema columns(StreamVersion stream) {
    try {
      return Schema.fromJSON(stream.columns());
    } catch (IOException e) {
      throw new UncheckedIOException("Control wrote what is no schema: " + stream.columns(), e);
    }
  }
}
