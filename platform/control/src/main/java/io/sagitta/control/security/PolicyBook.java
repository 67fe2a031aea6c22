package io.sagitta.control.security;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.control.apply.ProblemLine;
import io.sagitta.definition.Problem;
import io.sagitta.identity.TokenKeys;
import io.sagitta.policy.PolicyResult;
import io.sagitta.service.ProblemException;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.service.access.PolicyTexts;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PolicyRecord;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps the policy in force: the last one that was applied, in a compacted topic that gateways,
 * nodes and other controls follow. The first is that of control's configuration. A policy with an
 * error is refused as a whole, and the one before stays. Thread-safe.
 */
public final class PolicyBook implements Managed {
  private static final long PATIENCE_SECONDS = 15;
  private static final int MOST_FILES = 200;
  private static final int MOST_CHARACTERS = 1 << 20;

  private final PulsarConnection connection;
  private final StateTopic<PolicyRecord> topic;
  private final PolicyInForce inForce;
  private final TokenKeys keys;
  private final Clock clock;

  /** Creates one on {@code topic}, which becomes its own; {@link #start} follows it. */
  PolicyBook(
      PulsarConnection connection,
      StateTopic<PolicyRecord> topic,
      PolicyInForce inForce,
      TokenKeys keys,
      Clock clock) {
    this.connection = connection;
    this.topic = topic;
    this.inForce = inForce;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public void start() {
    topic.listen(
        (key, record) ->
            record.ifPresent(r -> PolicyTexts.swap(inForce, r.number(), r.files(), r.keys())));
  }

  @Override
  public void stop() {
    topic.close();
  }

  /** Returns what is in force. */
  public Optional<PolicyRecord> current() {
    return topic.get(PolicyRecord.KEY);
  }

  /**
   * Puts {@code first} in force if nothing is yet; and publishes the keys if they are not those
   * that others know.
   *
   * @throws ProblemException if {@code first} has errors
   */
  public synchronized void begin(Optional<Map<String, String>> first) {
    Optional<PolicyRecord> there = current();
    if (there.isPresent() && !there.get().keys().equals(keys.published())) {
      put(new Change(there.get().number(), there.get().files(), there.get().author()));
    } else if (there.isEmpty() && first.isPresent()) {
      checked(first.get());
      put(new Change(1, first.get(), "control's configuration"));
    }
  }

  /**
   * Puts {@code files} in force in place of what was.
   *
   * @param author who proved to be allowed to
   * @throws ProblemException 422 with all problems if there is an error, 503 if Pulsar has it not
   */
  public synchronized PolicyRecord apply(Map<String, String> files, String author) {
    checked(files);
    return put(new Change(current().map(PolicyRecord::number).orElse(0L) + 1, files, author));
  }

  /** Makes a new key for tokens; the one before verifies for as long as the policy says. */
  public synchronized PolicyRecord rotate() {
    PolicyRecord there = current().orElseThrow(PolicyBook::none);
    keys.rotate(inForce.current().orElseThrow(PolicyBook::none).transport().tokens().keyOverlap());
    return put(new Change(there.number(), there.files(), there.author()));
  }

  /** What is to be in force. */
  private record Change(long number, Map<String, String> files, String author) {}

  private static void checked(Map<String, String> files) {
    if (files.size() > MOST_FILES
        || files.values().stream().mapToLong(String::length).sum() > MOST_CHARACTERS) {
      throw io.sagitta.service.Problem.of(
              413,
              "policy-too-large",
              "Policy too large",
              "A policy has %d files and %d characters at most."
                  .formatted(MOST_FILES, MOST_CHARACTERS))
          .exception();
    }
    PolicyResult read = PolicyTexts.read(files);
    if (read.policy().isEmpty()) {
      throw io.sagitta.service.Problem.of(
              422, "invalid-policy", "Invalid policy", "The policy has errors; nothing changed.")
          .with("errors", ProblemLine.of(read.problems(), Problem.Severity.ERROR))
          .exception();
    }
  }

  private PolicyRecord put(Change change) {
    PolicyRecord record =
        new PolicyRecord(
            change.number(),
            change.files(),
            keys.published(),
            change.author(),
            clock.instant().toString());
    // Exclusive: of two controls that apply at once, one is told that the other does.
    try (PartitionProducer writer =
        StateTopic.writer(connection, Topics.POLICY, PartitionProducer.Access.EXCLUSIVE)) {
      StateTopic.put(writer, PolicyRecord.KEY, Optional.of(record))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      topic.refresh().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return record;
    } catch (TransportException | ExecutionException | TimeoutException e) {
      throw unconfirmed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unconfirmed();
    }
  }

  private static ProblemException unconfirmed() {
    return io.sagitta.service.Problem.of(
            503,
            "not-confirmed",
            "Not confirmed",
            "Pulsar did not confirm the policy. Look at which one is in force, and apply it again.")
        .exception();
  }

  private static ProblemException none() {
    return io.sagitta.service.Problem.of(
            404, "no-policy", "No policy", "No policy is in force: this control is unprotected.")
        .exception();
  }
}
