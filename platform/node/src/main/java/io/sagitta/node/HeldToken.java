package io.sagitta.node;

import io.sagitta.transport.PipelineId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one pipeline that is in force, replaced when two thirds of its life are over. What
 * fails is tried again at the next look: until the old one ends nothing is lost.
 */
final class HeldToken {
  private static final Logger LOG = LoggerFactory.getLogger(HeldToken.class);

  private final PipelineId pipeline;
  private final TokenSource source;
  private final Clock clock;
  private volatile Optional<Held> held = Optional.empty();

  private record Held(TokenSource.Token token, Instant renewAt) {}

  HeldToken(PipelineId pipeline, TokenSource source, Clock clock) {
    this.pipeline = pipeline;
    this.source = source;
    this.clock = clock;
  }

  /**
   * Returns the token; never waits.
   *
   * @throws IllegalStateException if there is none in force
   */
  String text() {
    return held.filter(h -> h.token().expires().isAfter(clock.instant()))
        .map(h -> h.token().text())
        .orElseThrow(() -> new IllegalStateException("No token of " + pipeline + " is in force"));
  }

  /** Fetches the next token if it is time; may wait. */
  void renewIfDue() {
    Instant now = clock.instant();
    if (held.map(h -> now.isBefore(h.renewAt())).orElse(false)) {
      return;
    }
    try {
      TokenSource.Token token = source.fetch(pipeline);
      Duration life = Duration.between(now, token.expires());
      held = Optional.of(new Held(token, now.plus(life.multipliedBy(2).dividedBy(3))));
    } catch (IOException e) {
      LOG.warn("No new token of {}: {}", pipeline, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
