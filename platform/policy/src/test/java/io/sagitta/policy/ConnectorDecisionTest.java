package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pipelines may reach, and the spellings by which allow-lists are got round. */
class ConnectorDecisionTest {
  private static final Resource.Pipeline PIPELINE = new Resource.Pipeline("t", "p");
  private static final Policy POLICY =
      Policies.allowing(
          "{type: folder, for: [t/p], path: lake/in, access: [read]}",
          "{type: folder, for: [t], path: /srv/out, access: [write]}",
          "{type: postgresql, for: [t/p], hosts: [db.internal, \"db2.internal:6432\"], databases: [ops],"
              + " properties: [sslmode]}",
          "{type: duckdb, for: [t/p], path: marts}",
          "{type: topic, for: [t/p], topic: persistent://public/default/orders, access: [read]}",
          "{type: url, for: [t/p], scheme: https, hosts: [feeds.example.org], access: [read]}");

  @ParameterizedTest
  @CsvSource({
    "lake/in, READ",
    "lake/in/, READ",
    "./lake//in/a.csv, READ",
    "lake/in/2026/*.csv, READ",
    "lake/in/*/*.csv, READ",
    "/srv/out/x, WRITE",
    "https://feeds.example.org/a.csv, READ",
    "https://FEEDS.example.org, READ"
  })
  void path_listed_isAllowed(String path, Access access) {
    assertThat(POLICY.may(PIPELINE, Targets.ofPath(path, access)).allowed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "lake/in, WRITE",
    "lake/inner/a.csv, READ",
    "lake, READ",
    "lake/*/a.csv, READ",
    "lake/i[n]/a.csv, READ",
    "'lake/{in,secret}/a.csv', READ",
    "lake/in/../secret, READ",
    "lake/in/*/../../../etc/passwd, READ",
    "'lake/in/\\..\\/x', READ",
    "/lake/in/a.csv, READ",
    "/srv/out/x, READ",
    "/etc/passwd, READ",
    "file:///srv/out/x, WRITE",
    "file:/srv/out/x, WRITE",
    "FILE:///etc/passwd, READ",
    "s3://bucket/lake/in, READ",
    "http://feeds.example.org/a.csv, READ",
    "https://evil.org/a.csv, READ",
    "https://feeds.example.org:8443/a, READ",
    "https://feeds.example.org@evil.org/a, READ",
    "https://evil.org#@feeds.example.org/a, READ",
    "https://evil.org?feeds.example.org, READ",
    "'https://evil.org\\@feeds.example.org/a', READ",
    "https://feeds.example.org.evil.org/a, READ",
    "https://169.254.169.254/latest, READ",
    "https:feeds.example.org, READ",
    "'', READ",
    "., READ",
    "/, READ"
  })
  void path_other_isDenied(String path, Access access) {
    assertThat(POLICY.may(PIPELINE, Targets.ofPath(path, access)).allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.internal/ops",
        "jdbc:postgresql://DB.internal:5432/ops",
        "jdbc:postgresql://db2.internal:6432/ops?sslmode=require",
        "jdbc:postgresql://db.internal,db2.internal:6432/ops",
        "jdbc:duckdb:marts/a.duckdb"
      })
  void jdbc_listed_isAllowed(String url) {
    assertThat(POLICY.may(PIPELINE, Targets.ofJdbc(url)).allowed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.internal:5433/ops",
        "jdbc:postgresql://db2.internal/ops",
        "jdbc:postgresql://db.internal,evil.org/ops",
        "jdbc:postgresql://db.internal/other",
        "jdbc:postgresql://db.internal/OPS",
        "jdbc:postgresql://db.internal/",
        "jdbc:postgresql://db.internal",
        "jdbc:postgresql:ops",
        "jdbc:postgresql:///ops",
        "jdbc:postgresql://db.internal/ops?socketFactory=x",
        "jdbc:postgresql://db.internal/ops?sslmode=require&socketFactory=x",
        "jdbc:postgresql://db.internal/ops?PGHOST=evil.org",
        "jdbc:postgresql://db.internal/ops?sslmode",
        "jdbc:postgresql://db.internal/ops?sslmode=%2e",
        "jdbc:postgresql://db.internal/o%70s",
        "jdbc:postgresql://db.internal/ops#x",
        "jdbc:postgresql://user@db.internal/ops",
        "jdbc:postgresql://[::1]/ops",
        "jdbc:postgresql://127.1/ops",
        "jdbc:postgresql://2130706433/ops",
        "jdbc:postgresql://0x7f.0.0.1/ops",
        "jdbc:postgresql://db.internal./ops",
        "jdbc:postgresql://db.internal:0/ops",
        "jdbc:postgresql://db.internal:99999/ops",
        "jdbc:mysql://db.internal/ops",
        "jdbc:h2:mem:x;INIT=RUNSCRIPT",
        "JDBC:postgresql://db.internal/ops",
        "jdbc:duckdb:",
        "jdbc:duckdb:/etc/a.duckdb",
        "jdbc:duckdb:marts/../a.duckdb",
        "jdbc:duckdb:marts/a;x=1",
        "jdbc:duckdb::memory:",
        "jdbc:duckdb:https://evil.org/a"
      })
  void jdbc_other_isDenied(String url) {
    assertThat(POLICY.may(PIPELINE, Targets.ofJdbc(url)).allowed()).isFalse();
  }

  @Test
  void otherPipeline_isDeniedUnlessItsTenantIsListed() {
    Resource.Pipeline sibling = new Resource.Pipeline("t", "pp");
    Resource.Pipeline stranger = new Resource.Pipeline("u", "p");
    ConnectorTarget own = Targets.ofPath("lake/in", Access.READ);
    ConnectorTarget tenants = Targets.ofPath("/srv/out", Access.WRITE);

    assertThat(POLICY.may(sibling, own).allowed()).isFalse();
    assertThat(POLICY.may(sibling, tenants).allowed()).isTrue();
    assertThat(POLICY.may(stranger, tenants).allowed()).isFalse();
  }

  @Test
  void topic_ofThePlatform_isDeniedAndNoRuleHelps() {
    for (String name :
        List.of(
            "persistent://t/p/out.s",
            "persistent://u/q/in.x",
            "persistent://sagitta/system/status")) {
      ConnectorTarget.Topic topic = new ConnectorTarget.Topic(name, Access.READ);
      assertThat(POLICY.may(PIPELINE, topic).allowed()).isFalse();
      assertThat(POLICY.ruleFor(PIPELINE, topic)).isEmpty();
    }
    ConnectorTarget foreign =
        new ConnectorTarget.Topic("persistent://public/default/orders", Access.READ);
    assertThat(POLICY.may(PIPELINE, foreign).allowed()).isTrue();
    ConnectorTarget written =
        new ConnectorTarget.Topic("persistent://public/default/orders", Access.WRITE);
    assertThat(POLICY.may(PIPELINE, written).allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lake/out/x.csv",
        "/srv/in/*.parquet",
        "data",
        "https://other.example.org/x",
        "jdbc:postgresql://db3:6000/crm?sslmode=require",
        "jdbc:postgresql://127.0.0.1/crm",
        "jdbc:duckdb:other/a.duckdb"
      })
  void ruleFor_denied_allowsExactlyThat(String text) {
    ConnectorTarget target =
        text.startsWith("jdbc:") ? Targets.ofJdbc(text) : Targets.ofPath(text, Access.READ);
    assertThat(POLICY.may(PIPELINE, target).allowed()).isFalse();

    Policy mended = Policies.allowing(POLICY.ruleFor(PIPELINE, target).orElseThrow());
    assertThat(mended.may(PIPELINE, target).allowed()).isTrue();
    assertThat(mended.may(new Resource.Pipeline("t", "pp"), target).allowed()).isFalse();
  }
}
