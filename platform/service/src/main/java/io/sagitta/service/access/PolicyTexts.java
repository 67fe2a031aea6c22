package io.sagitta.service.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.PolicyResult;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the texts of a policy, as they come over a topic, into the policy in force. */
public final class PolicyTexts {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyTexts.class);

  private PolicyTexts() {}

  /** Reads {@code files}, text by name. */
  public static PolicyResult read(Map<String, String> files) {
    return PolicyReader.read(
        new TreeMap<>(files)
            .entrySet().stream()
                .map(file -> new PolicyFile(file.getKey(), file.getValue().getBytes(UTF_8)))
                .toList());
  }

  /**
   * Puts {@code files} in force. Control has checked them; if this version of Sagitta cannot read
   * them all the same, what was in force stays, and whoever runs the role is told.
   */
  public static void swap(
      PolicyInForce policy, long number, Map<String, String> files, String keys) {
    PolicyResult read = read(files);
    Consumer<Object> refuse =
        why -> LOG.error("Policy {} cannot be used, the one before stays: {}", number, why);
    if (read.policy().isEmpty()) {
      refuse.accept(read.problems());
      return;
    }
    try {
      policy.swap(read.policy().get(), keys);
      LOG.info("Policy in force number={} files={}", number, files.size());
    } catch (IllegalArgumentException e) {
      refuse.accept(e.getMessage());
    }
  }
}
