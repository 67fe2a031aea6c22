package io.sagitta.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.identity.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SessionsTest {
  private static final String TIMES =
      """
      apiVersion: sagitta/v1
      kind: Transport
      sessions: {lifetime: %s, idle: %s}
      """;
  private static final Identity.Subject ADA = new Identity.Subject("ada");
  private static final Identity.Subject EVE = new Identity.Subject("eve");

  private final SetClock clock = new SetClock();
  private final PolicyInForce policy = new PolicyInForce();
  private final Sessions sessions = new Sessions(policy, clock);

  SessionsTest() {
    sessions.keep();
    policy("1h", "10m", DoorRole.POLICY);
  }

  private void policy(String lifetime, String idle, String subjects) {
    policy.swap(
        DoorRole.policy(subjects, DoorRole.TENANTS, TIMES.formatted(lifetime, idle)),
        "{\"keys\":[]}");
  }

  private String begin(Identity.Subject person) {
    return sessions.begin(person, "password", "here").id();
  }

  @Test
  void session_unused_isOverAfterIdle() {
    String id = begin(ADA);
    clock.advance(Duration.ofMinutes(9));
    assertThat(sessions.use(id)).hasValueSatisfying(s -> assertThat(s.person()).isEqualTo(ADA));
    clock.advance(Duration.ofMinutes(9));
    assertThat(sessions.use(id)).isPresent();
    clock.advance(Duration.ofMinutes(10));
    assertThat(sessions.use(id)).isEmpty();
    assertThat(sessions.count()).isZero();
  }

  @Test
  void session_busy_isOverAfterLifetime() {
    String id = begin(ADA);
    for (int minutes = 0; minutes < 55; minutes += 5) {
      clock.advance(Duration.ofMinutes(5));
      assertThat(sessions.use(id)).isPresent();
    }
    clock.advance(Duration.ofMinutes(5));
    assertThat(sessions.use(id)).isEmpty();
  }

  @Test
  void policy_shorter_endsWhatIsOlder() {
    String id = begin(ADA);
    clock.advance(Duration.ofMinutes(5));
    policy("4m", "4m", DoorRole.POLICY);
    assertThat(sessions.use(id)).isEmpty();
  }

  @Test
  void policy_withoutPerson_endsTheirsForGood() {
    String ada = begin(ADA);
    String eve = begin(EVE);
    policy("1h", "10m", DoorRole.POLICY.replace("  eve: {name: Eve Example}\n", ""));
    policy("1h", "10m", DoorRole.POLICY);
    assertThat(sessions.use(eve)).isEmpty();
    assertThat(sessions.use(ada)).isPresent();
  }

  @Test
  void end_endsItAndNoOther() {
    String first = begin(ADA);
    String second = begin(ADA);
    String eve = begin(EVE);
    assertThat(sessions.end(first)).isTrue();
    assertThat(sessions.end(first)).isFalse();
    assertThat(sessions.use(first)).isEmpty();
    assertThat(sessions.use(second)).isPresent();
    assertThat(sessions.endAll("ada")).isEqualTo(1);
    assertThat(sessions.use(second)).isEmpty();
    assertThat(sessions.use(eve)).isPresent();
  }

  @Test
  void begin_tooMany_endsTheLeastRecentlyUsed() {
    String kept = begin(ADA);
    clock.advance(Duration.ofSeconds(1));
    String dropped = begin(ADA);
    for (int more = 0; more < 8; more++) {
      clock.advance(Duration.ofSeconds(1));
      begin(ADA);
    }
    sessions.use(kept);
    clock.advance(Duration.ofSeconds(1));
    begin(ADA);
    assertThat(sessions.of("ada")).hasSize(10);
    assertThat(sessions.use(dropped)).isEmpty();
    assertThat(sessions.use(kept)).isPresent();
  }

  @Test
  void id_isLongAndNeverTheSame() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(begin(ADA));
    }
    assertThat(ids).hasSize(1000).allSatisfy(id -> assertThat(id).hasSize(43));
    assertThat(sessions.use("")).isEmpty();
  }

  /** A clock that stands until it is moved. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
