package io.sagitta.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
  @Test
  void spellings() {
    assertThat(Identity.of("control")).contains(Identity.Machine.CONTROL);
    assertThat(Identity.of("subject.flight-feed")).contains(new Identity.Subject("flight-feed"));
    assertThat(Identity.of("pipeline.aviation.flights-on-time"))
        .contains(new Identity.Pipeline("aviation", "flights-on-time"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subject.control",
        "pipeline.a.b",
        "node",
        "broker",
        "gateway",
      })
  void everySpelling_readsBackAsItself(String principal) {
    assertThat(Identity.of(principal).orElseThrow().principal()).isEqualTo(principal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CONTROL",
        "control ",
        "admin",
        "subject.",
        "subject.a.b",
        "subject.A",
        "subject.a\n",
        "pipeline.a",
        "pipeline.a.b.c",
        "pipeline.../b.c",
        "subject.a,CN=control"
      })
  void whatIsNoSpelling_isNobody(String principal) {
    assertThat(Identity.of(principal)).isEmpty();
  }

  @Test
  void namesAreCheckedWhereTheyAreMade() {
    assertThatThrownBy(() -> new Identity.Subject("a.b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.b");
    assertThatThrownBy(() -> new Identity.Pipeline("a", "b\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
