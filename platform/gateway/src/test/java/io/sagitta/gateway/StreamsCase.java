package io.sagitta.gateway;

import static io.sagitta.gateway.House.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.gateway.OutTopic.Row;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.PipelineId;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway that serves a stream, and what tests of its reading say of it. */
@ExtendWith(RealPulsar.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamsCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  final House house;
  final RunningRole gateway;
  private final String tenant;
  private int pipelines;

  StreamsCase(LocalPulsar pulsar, String tenant) throws Exception {
    this.tenant = tenant;
    house = new House(pulsar);
    gateway = house.gateway(house.configuration());
  }

  @AfterAll
  void close() {
    house.close();
  }

  PipelineId pipeline(int parallelism) throws Exception {
    pipelines++;
    return house.apply(gateway, tenant, "p" + pipelines, parallelism, House.FLIGHTS);
  }

  void publish(PipelineId pipeline, int partition, Row... rows) throws Exception {
    OutTopic.publish(house.connection, pipeline, partition, rows);
  }

  HttpResponse<String> get(RunningRole from, PipelineId pipeline, String rest) throws Exception {
    return house.send(at(from, "/v1/streams/" + pipeline + "/out" + rest));
  }

  HttpResponse<String> get(PipelineId pipeline, String rest) throws Exception {
    return get(gateway, pipeline, rest);
  }

  static JsonNode json(HttpResponse<String> reply) throws Exception {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return JSON.readTree(reply.body());
  }

  static List<String> rows(JsonNode reply) {
    List<String> rows = new ArrayList<>();
    reply.get("rows").forEach(row -> rows.add(row.toString()));
    return rows;
  }

  static String[] texts(Row... rows) {
    return java.util.Arrays.stream(rows).map(Row::json).toArray(String[]::new);
  }

  static void assertProblem(HttpResponse<String> reply, int status, String... words) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    for (String word : words) {
      assertThat(reply.body()).contains(word);
    }
  }
}
