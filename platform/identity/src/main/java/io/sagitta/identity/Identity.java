package io.sagitta.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who somebody is once it is proven. {@link #principal} is its one spelling: the common name of a
 * certificate, the subject of a token, and the role in Pulsar.
 */
public sealed interface Identity {
  /** Returns the one spelling, such as {@code subject.dashboard}. */
  String principal();

  /** A process of the platform. */
  enum Machine implements Identity {
    CONTROL,
    GATEWAY,
    NODE,
    BROKER;

    @Override
    public String principal() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A person or a service that the policy names. */
  record Subject(String name) implements Identity {
    public Subject {
      Spelling.check(name);
    }

    @Override
    public String principal() {
      return "subject." + name;
    }
  }

  /** A pipeline: what its tasks are towards Pulsar. */
  record Pipeline(String tenant, String name) implements Identity {
    public Pipeline {
      Spelling.check(tenant);
      Spelling.check(name);
    }

    @Override
    public String principal() {
      return "pipeline." + tenant + "." + name;
    }
  }

  /** Returns the identity whose spelling is {@code principal}; empty if there is none such. */
  static Optional<Identity> of(String principal) {
    Optional<Machine> machine =
        Arrays.stream(Machine.values()).filter(m -> m.principal().equals(principal)).findFirst();
    if (machine.isPresent()) {
      return Optional.of(machine.get());
    }
    Matcher matcher = Spelling.PRINCIPAL.matcher(principal);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        matcher.group("subject") != null
            ? new Subject(matcher.group("subject"))
            : new Pipeline(matcher.group("tenant"), matcher.group("pipeline")));
  }

  /** How names are spelt: as in definitions and in the policy, so without a dot. */
  final class Spelling {
    private static final String NAME = "[a-z][a-z0-9-]{0,62}";
    private static final Pattern PRINCIPAL =
        Pattern.compile(
            "subject\\.(?<subject>%1$s)|pipeline\\.(?<tenant>%1$s)\\.(?<pipeline>%1$s)"
                .formatted(NAME));

    private Spelling() {}

    private static void check(String name) {
      if (!name.matches(NAME)) {
        throw new IllegalArgumentException(
            "'" + name + "' is no name: small letters, digits and '-', beginning with a letter");
      }
    }
  }
}
