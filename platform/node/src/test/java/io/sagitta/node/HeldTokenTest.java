package io.sagitta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.transport.PipelineId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HeldTokenTest {
  private static final PipelineId PIPELINE = new PipelineId("t", "p");
  private static final Duration LIFE = Duration.ofMinutes(15);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int fetched;
  private boolean away;
  private final HeldToken token = new HeldToken(PIPELINE, this::fetch, clock());

  @Test
  void text_beforeTheFirst_failsAndDoesNotWait() {
    away = true;
    token.renewIfDue();
    assertThatThrownBy(token::text)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("t/p");
  }

  @Test
  void renewIfDue_afterTwoThirdsOfItsLife_fetchesTheNext() {
    token.renewIfDue();
    now = now.plus(Duration.ofMinutes(10).minusSeconds(1));
    token.renewIfDue();
    assertThat(token.text()).isEqualTo("token 1");
    now = now.plusSeconds(1);
    token.renewIfDue();
    assertThat(token.text()).isEqualTo("token 2");
  }

  @Test
  void text_whileControlIsAway_isTheOldOneUntilItEnds() {
    token.renewIfDue();
    away = true;
    now = now.plus(LIFE).minusSeconds(1);
    token.renewIfDue();
    assertThat(token.text()).isEqualTo("token 1");

    now = now.plusSeconds(1);
    assertThatThrownBy(token::text).isInstanceOf(IllegalStateException.class);

    away = false;
    token.renewIfDue();
    assertThat(token.text()).isEqualTo("token 2");
  }

  @Test
  void toString_ofAToken_hidesIt() {
    assertThat(new TokenSource.Token("secret", now).toString()).doesNotContain("secret");
  }

  private TokenSource.Token fetch(PipelineId pipeline) throws IOException {
    if (away) {
      throw new IOException("control is away");
    }
    return new TokenSource.Token("token " + ++fetched, now.plus(LIFE));
  }

  private Clock clock() {
    return new Clock() {
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
    };
  }
}
