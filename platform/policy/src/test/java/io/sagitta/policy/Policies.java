package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Policies for tests. */
final class Policies {
  static final String HEAD = "apiVersion: sagitta/v1\nkind: ";

  /** Two people, two services, and groups in groups; {@code alone} is in none. */
  static final String SUBJECTS =
      HEAD
          + """
          Subjects
          people: {ada: {name: Ada}, alone: {name: Alone}}
          services: {dashboard: {purpose: shows}, feed: {purpose: sends}}
          groups:
            inner: {members: [ada, feed]}
            outer: {members: [inner]}
          """;

  static final String TENANTS =
      HEAD + "Tenants\ntenants: {t: {purpose: x, owner: ada}, u: {purpose: y, owner: ada}}\n";

  private Policies() {}

  /** Returns the policy of {@code texts}, which must be good. */
  static Policy of(String... texts) {
    PolicyResult result = read(texts);
    assertThat(result.problems()).isEmpty();
    return result.policy().orElseThrow();
  }

  /** Reads {@code texts} as 0.yaml, 1.yaml and so on. */
  static PolicyResult read(String... texts) {
    List<PolicyFile> files = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      files.add(new PolicyFile(i + ".yaml", texts[i].getBytes(StandardCharsets.UTF_8)));
    }
    return PolicyReader.read(files);
  }

  /** Returns the policy of the subjects and tenants here and of {@code grants}, one a line. */
  static Policy granting(String... grants) {
    return grants.length == 0
        ? of(SUBJECTS, TENANTS)
        : of(SUBJECTS, TENANTS, HEAD + "Grants\ngrants:\n- " + String.join("\n- ", grants) + "\n");
  }

  /** Returns the policy of the tenants here and of {@code allowances}, one a line. */
  static Policy allowing(String... allowances) {
    return of(
        SUBJECTS,
        TENANTS,
        HEAD + "Connectors\nallow:\n- " + String.join("\n- ", allowances) + "\n");
  }
}
