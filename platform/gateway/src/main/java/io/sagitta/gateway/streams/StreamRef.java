package io.sagitta.gateway.streams;

import io.sagitta.definition.Stream;
import io.sagitta.gateway.catalog.Pipeline;
import io.sagitta.transport.Topics;

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
}
