package io.sagitta.gateway.streams;

import io.sagitta.definition.Stream;
import io.sagitta.gateway.catalog.Pipeline;
import io.sagitta.transport.StreamVersion;
import io.sagitta.transport.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;

/** A published stream of a pipeline. */
record StreamRef(Pipeline pipeline, String name, Stream declared) {
  /** Returns what names it in the platform. */
  String id() {
    return pipeline.id() + "/" + name;
  }

  String topic() {
    return Topics.stream(pipeline.id(), name);
  }

  int partitions() {
    return pipeline.definition().spec().parallelism();
  }

  String path() {
    return "/v1/streams/" + id();
  }

  /**
   * Returns the version of its columns; empty if its revision was applied before there were any.
   */
  Optional<StreamVersion> version() {
    return Optional.ofNullable(pipeline.versions().get(name));
  }

  /** Returns the columns of the rows that its revision publishes, whether there are any or not. */
  Optional<Schema> schema() {
    return version().map(StreamRef::columns);
  }

  private static Schema columns(StreamVersion version) {
    try {
      return Schema.fromJSON(version.columns());
    } catch (IOException e) {
      throw new UncheckedIOException("Control applied what is no schema: " + version.columns(), e);
    }
  }
}
