package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.JSON;
import static io.sagitta.acceptance.attack.AttackedHouse.PIPELINE;
import static io.sagitta.acceptance.attack.AttackedHouse.TENANTS;
import static io.sagitta.acceptance.attack.AttackedHouse.await;
import static io.sagitta.acceptance.attack.AttackedHouse.row;
import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.LocalHouse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A tenant that takes more than its quota. */
final class QuotaAttacks implements Attack.Group {
  /** The same rows each time, of which the pipeline drops what came before. */
  private static final String HUNDRED =
      LongStream.range(1_000, 1_100).mapToObj(AttackedHouse::row).collect(Collectors.joining());

  private final AttackedHouse attacked;
  private final LocalHouse house;

  QuotaAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("more rows a second: waits, and loses nothing", this::rows),
        new Attack("more storage: held and told so, until it is less", this::storage),
        new Attack("more memory: says so, and goes on when there is some", this::memory));
  }

  private void rows() throws Exception {
    attacked.apply("tenants.yaml", TENANTS.formatted(", quota: {rows_per_second: 20}"));
    List<HttpResponse<String>> replies = new ArrayList<>();
    await(
        "the quota holds the tenant",
        () -> {
          replies.add(attacked.post(HUNDRED));
          return replies.get(replies.size() - 1).statusCode() != 200;
        });
    HttpResponse<String> refused = replies.get(replies.size() - 1);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
    assertThat(refused.body()).contains("urn:sagitta:problem:quota", "20 rows a second");
    assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(3L, 120L);
    attacked.apply("tenants.yaml", TENANTS.formatted(""));
    attacked.expectMore(100);
  }

  private void storage() throws Exception {
    String known = row(1_000);
    attacked.apply("tenants.yaml", TENANTS.formatted(", quota: {storage: 4KiB}"));
    await("the quota holds the tenant", () -> attacked.post(known).statusCode() != 200);
    HttpResponse<String> refused = attacked.post(known);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
    assertThat(refused.body()).contains("urn:sagitta:problem:storage-quota", "quota.storage");
    HttpResponse<String> status =
        send(
            house.access("eye"),
            house.ports().control(),
            "GET",
            "/api/v1/pipelines/" + PIPELINE,
            "");
    JsonNode storage = JSON.readTree(status.body()).at("/status/storage");
    assertThat(storage.path("limitBytes").asLong()).as(status.body()).isEqualTo(4096);
    assertThat(storage.path("bytes").asLong()).isGreaterThan(4096);
    attacked.apply("tenants.yaml", TENANTS.formatted(""));
    await("the tenant may send again", () -> attacked.post(known).statusCode() == 200);
  }

  private void memory() throws Exception {
    attacked.apply("tenants.yaml", TENANTS.formatted(", quota: {memory: 1KiB}"));
    assertThat(attacked.post(row(3_000)).statusCode()).isEqualTo(200);
    String path = "/api/v1/pipelines/" + PIPELINE;
    List<String> said = new ArrayList<>();
    await(
        "a task says that its tenant's memory is spent",
        () -> {
          assertThat(attacked.post(HUNDRED).statusCode()).isEqualTo(200);
          said.add(send(house.access("eye"), house.ports().control(), "GET", path, "").body());
          return said.get(said.size() - 1).contains("quota.memory of tenant ours");
        });
    // Not a row's fault, so no row's loss.
    assertThat(said.get(said.size() - 1)).doesNotContainPattern("\"quarantined\":[1-9]");
    attacked.apply("tenants.yaml", TENANTS.formatted(""));
    attacked.expectMore(1);
  }
}
