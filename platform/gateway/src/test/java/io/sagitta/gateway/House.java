package io.sagitta.gateway;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.StreamVersion;
import io.sagitta.transport.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gateway, and what control would have done for its pipelines. */
final class House implements AutoCloseable {
  /** A pipeline with a source and a stream of the same rows. */
  static final String FLIGHTS =
      """
      sources:
        flights:
          type: http
          schema:
            delay: {type: int32}
            origin: {type: string}
      stages:
        kept: {type: sql, inputs: [flights], query: "SELECT * FROM flights"}
      streams:
        out: {inputs: [kept], key: [origin]}
      """;

  final HttpClient client = HttpClient.newHttpClient();
  final PulsarConnection connection;
  private final LocalPulsar pulsar;
  private final List<RunningRole> gateways = new ArrayList<>();

  House(LocalPulsar pulsar) {
    this.pulsar = pulsar;
    this.connection = PulsarConnection.open(pulsar.brokerUrl(), 64 << 20);
  }

  GatewayConfiguration configuration() {
    GatewayConfiguration configuration = new GatewayConfiguration();
    configuration.listen().setPort(0);
    configuration.listen().setAdminPort(0);
    configuration.setUnprotected(GatewayConfiguration.ON_LOOPBACK);
    configuration.pulsar().setServiceUrl(pulsar.brokerUrl());
    configuration.pulsar().setAdminUrl(pulsar.adminUrl().toString());
    return configuration;
  }

  RunningRole gateway(GatewayConfiguration configuration) throws Exception {
    RunningRole gateway = new GatewayRole().start(configuration);
    gateways.add(gateway);
    return gateway;
  }

  /** Applies a pipeline as control does, and waits until {@code gateway} knows it. */
  PipelineId apply(RunningRole gateway, String tenant, String name, int parallelism, String spec)
      throws Exception {
    PipelineId pipeline = new PipelineId(tenant, name);
    String definition =
        """
        apiVersion: sagitta/v1
        kind: Pipeline
        metadata: {name: %s, tenant: %s}
        spec:
          mode: streaming
          parallelism: %d
        %s"""
            .formatted(name, tenant, parallelism, spec.indent(2));
    try (Provisioner provisioner = Provisioner.open(pulsar.adminUrl().toString())) {
      provisioner.ensurePipeline(pipeline, Duration.ofHours(1));
      provisioner.ensureTopic(Topics.source(pipeline, "flights"), parallelism);
      provisioner.ensureTopic(Topics.stream(pipeline, "out"), parallelism);
    }
    Deployment deployment =
        new Deployment(
            tenant,
            name,
            1,
            definition,
            "",
            "hash",
            Deployment.Desired.RUNNING,
            Map.of(),
            Map.of("out", new StreamVersion(1, 1, OutTopic.SCHEMA.toJson())),
            "test",
            "",
            "2026-01-01T00:00:00Z",
            "",
            0,
            "",
            List.of());
    try (PartitionProducer writer =
        StateTopic.writer(connection, Topics.DEPLOYMENTS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, pipeline.toString(), Optional.of(deployment))
          .get(10, TimeUnit.SECONDS);
    }
    awaitKnown(gateway, pipeline);
    return pipeline;
  }

  /** Deletes a pipeline as control does. */
  void delete(PipelineId pipeline) throws Exception {
    try (PartitionProducer writer =
        StateTopic.writer(connection, Topics.DEPLOYMENTS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, pipeline.toString(), Optional.empty()).get(10, TimeUnit.SECONDS);
    }
    try (Provisioner provisioner = Provisioner.open(pulsar.adminUrl().toString())) {
      provisioner.deletePipeline(pipeline);
    }
  }

  /** Returns what Prometheus would scrape. */
  String metrics(RunningRole gateway) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.adminPort() + "/metrics");
    return send(HttpRequest.newBuilder(uri)).body();
  }

  /** Throws everything in the stream's topic away, as if it was no longer kept. */
  void recreateOut(PipelineId pipeline) {
    int partitions = connection.partitions(Topics.stream(pipeline, "out"));
    try (Provisioner provisioner = Provisioner.open(pulsar.adminUrl().toString())) {
      provisioner.deletePipeline(pipeline);
      provisioner.ensurePipeline(pipeline, Duration.ofHours(1));
      provisioner.ensureTopic(Topics.stream(pipeline, "out"), partitions);
    }
  }

  private void awaitKnown(RunningRole gateway, PipelineId pipeline) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String body;
    do {
      // An unknown source of a known pipeline names the pipeline's sources.
      body = send(post(gateway, "/v1/sources/" + pipeline + "/none/end", "", "text/csv")).body();
      if (body.contains("unknown-source")) {
        return;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() < deadline);
    throw new AssertionError("The gateway does not know " + pipeline + ": " + body);
  }

  static HttpRequest.Builder at(RunningRole gateway, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
  }

  static HttpRequest.Builder post(RunningRole gateway, String path, String body, String type) {
    return at(gateway, path)
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  static HttpRequest.Builder post(RunningRole gateway, String path, byte[] body, String type) {
    return at(gateway, path)
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** A request that a gateway may be too young for. */
  @FunctionalInterface
  interface Call {
    HttpResponse<String> send() throws Exception;
  }

  /** Repeats a request until the gateway has read its deployments, for a while. */
  static HttpResponse<String> awaitReady(Call call) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    HttpResponse<String> reply;
    do {
      reply = call.send();
    } while (reply.body().contains("not-ready") && System.nanoTime() < deadline);
    return reply;
  }

  @Override
  public void close() {
    gateways.forEach(RunningRole::close);
    connection.close();
  }
}
