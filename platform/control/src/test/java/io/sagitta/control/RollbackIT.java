package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollbackIT {
  private final TestControl control;

  RollbackIT() throws Exception {
    control = TestControl.start();
  }

  @AfterAll
  void stop() {
    control.close();
  }

  @Test
  void rollback_makesTheEarlierRevisionTheNextOne() throws Exception {
    String first = Definitions.flights("back");
    control.apply(first);
    control.apply(first.replace("count(*) AS flights", "count(*) + 0 AS flights"));
    Reply reply = rollback("back", Map.of("author", "Bo"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("revision").asLong()).isEqualTo(3);
    Deployment deployment = deployment("back");
    assertThat(deployment.definition()).isEqualTo(first);
    assertThat(deployment.author()).isEqualTo("Bo");
    assertThat(deployment.previous())
        .extracting(Deployment.Earlier::revision)
        .isEqualTo(List.of(2L, 1L));
  }

  @Test
  void rollback_toARevision_takesThatOne() throws Exception {
    String first = Definitions.flights("far");
    control.apply(first);
    for (int more = 1; more <= 3; more++) {
      control.apply(first.replace("count(*) AS flights", "count(*) + " + more + " AS flights"));
    }
    assertThat(rollback("far", Map.of("to", 1)).status()).isEqualTo(200);
    assertThat(deployment("far").definition()).isEqualTo(first);
    assertThat(deployment("far").revision()).isEqualTo(5);
  }

  @Test
  void rollback_toNothing_saysWhatThereIs() throws Exception {
    control.apply(Definitions.flights("only"));
    Reply none = rollback("only", Map.of());
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.body()).contains("aviation/only has no earlier revision.");
    control.apply(Definitions.flights("only").replace("count(*) AS", "count(*) + 0 AS"));
    Reply unknown = rollback("only", Map.of("to", 7));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body()).contains("Revision 7 of aviation/only is not kept.", "[1]");
  }

  private Reply rollback(String name, Map<String, ?> order) throws Exception {
    return control.post("/api/v1/pipelines/aviation/" + name + "/rollback", order);
  }

  private Deployment deployment(String name) {
    try (StateTopic<Deployment> deployments =
        StateTopic.open(control.pulsar, Topics.DEPLOYMENTS, Deployment.class)) {
      return deployments.get(new PipelineId("aviation", name).toString()).orElseThrow();
    }
  }
}
