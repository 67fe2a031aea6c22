package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.Problem;
import io.sagitta.definition.ReadResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionRequestsTest {
  private static final ReadResult READ =
      DefinitionReader.read(
          "p.yaml",
          """
          apiVersion: sagitta/v1
          kind: Pipeline
          metadata: {name: p, tenant: t}
          spec:
            mode: streaming
            sources:
              files: {type: file, path: in/*.csv, follow: true, schema: {id: {type: int64}}}
              other: {type: pulsar, stream: u/q/s@2, schema: {id: {type: int64}}}
              topic:
                type: pulsar
                topic: persistent://public/default/x
                schema: {id: {type: int64}}
            tables:
              beside: {type: file, path: a.csv, schema: {id: {type: int64}}, key: id}
              asked:
                type: jdbc
                url: "jdbc:postgresql://db/ops"
                query: SELECT 1
                schema: {id: {type: int64}}
                key: id
            sinks:
              lake: {type: parquet, inputs: [files], path: lake/x}
              mart: {type: jdbc, inputs: [files], url: "jdbc:duckdb:marts/a.duckdb", table: x}
              feed: {type: pulsar, inputs: [files], topic: persistent://t/q/out.x}
            streams:
              s: {inputs: [other], readers: [dashboard, dashbord]}
              all: {inputs: [topic, files]}
          """
              .getBytes(StandardCharsets.UTF_8));

  @Test
  void ungranted_noGrants_namesEachWithItsPlaceAndRule() {
    assertThat(messages(Policies.granting()))
        .containsExactlyInAnyOrder(
            "p.yaml:7:31: the policy does not let t/p read in/*.csv. Add to a file of kind Connectors:"
                + " - {type: folder, for: [t/p], path: in, access: [read]}",
            "p.yaml:8:35: the policy does not let t/p read u/q/s. Its owner grants it:"
                + " - {role: reader, of: u/q/s, to: [t/p]}",
            "p.yaml:11:14: the policy does not let t/p read the topic persistent://public/default/x. Add"
                + " to a file of kind Connectors: - {type: topic, for: [t/p], topic:"
                + " \"persistent://public/default/x\", access: [read]}",
            "p.yaml:17:12: the policy does not let t/p reach PostgreSQL at db/ops. Add to a file of kind"
                + " Connectors: - {type: postgresql, for: [t/p], hosts: [db], databases: [ops]}",
            "p.yaml:22:50: the policy does not let t/p write lake/x. Add to a file of kind Connectors:"
                + " - {type: folder, for: [t/p], path: lake/x, access: [write]}",
            "p.yaml:23:46: the policy does not let t/p open the DuckDB file marts/a.duckdb. Add to a file"
                + " of kind Connectors: - {type: duckdb, for: [t/p], path: marts}",
            "p.yaml:24:50: no policy lets a pipeline write the topic persistent://t/q/out.x: the tenant"
                + " 't' is the platform's: a connector would go round the grants of its streams",
            "p.yaml:26:36: the policy does not let service dashboard read t/p/s. Add to a file of kind"
                + " Grants: - {role: reader, of: t/p/s, to: [dashboard]}",
            "p.yaml:26:47: the policy knows no person, service or group 'dashbord'. Did you mean"
                + " 'dashboard'?");
  }

  @Test
  void ungranted_rulesAdded_namesWhatIsLeft() {
    Policy policy =
        Policies.of(
            Policies.SUBJECTS,
            Policies.TENANTS,
            Policies.HEAD
                + """
                Grants
                grants:
                - {role: reader, of: u/q/s, to: [t/p]}
                - {role: reader, of: t/p/s, to: [dashboard]}
                """,
            Policies.HEAD
                + """
                Connectors
                allow:
                - {type: folder, for: [t/p], path: in, access: [read]}
                - {type: folder, for: [t/p], path: lake/x, access: [write]}
                - {type: duckdb, for: [t/p], path: marts}
                - {type: postgresql, for: [t/p], hosts: [db], databases: [ops]}
                - {type: topic, for: [t/p], topic: "persistent://public/default/x", access: [read]}
                """);

    assertThat(messages(policy))
        .hasSize(2)
        .anyMatch(m -> m.contains("out.x"))
        .anyMatch(m -> m.contains("'dashbord'"));
  }

  @Test
  void ungranted_otherTenant_saysSo() {
    Policy policy = Policies.of(Policies.SUBJECTS);

    assertThat(messages(policy))
        .contains("p.yaml:3:29: the policy has no tenant 't'. Add it to a file of kind Tenants");
  }

  @Test
  void unusedGrants_misspelt_areWarnedOf() {
    Policy policy =
        Policies.granting(
            "{role: reader, of: t/p/al, to: [ada]}",
            "{role: reader, of: t/p/all, to: [ada]}",
            "{role: writer, of: t/p/all, to: [ada]}",
            "{role: reader, of: t/elsewhere/al, to: [ada]}");

    assertThat(UnusedGrants.of(policy, List.of(READ.definition().orElseThrow())))
        .extracting(Problem::toString)
        .containsExactly(
            "2.yaml:4:1: warning: 'reader of t/p/al to ada' grants what is not there: the pipeline has"
                + " no stream 'al'. Did you mean 'all'?",
            "2.yaml:6:1: warning: 'writer of t/p/all to ada' grants what is not there: the pipeline has"
                + " no source 'all'. There are: files, other, topic");
  }

  private static List<String> messages(Policy policy) {
    return DefinitionRequests.ungranted(policy, READ.definition().orElseThrow(), READ.locations())
        .stream()
        .map(Problem::toString)
        .toList();
  }
}
