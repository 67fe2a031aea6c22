package io.sagitta.house;

import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.Identity.Machine;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.PolicyResult;
import io.sagitta.policy.Subject;
import io.sagitta.policy.Transport;
import io.sagitta.pulsar.LocalPulsarSecurity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a local platform is locked: a certificate authority of its own that is good for nothing else,
 * new certificates at each start for its machines and for everybody whom its policy names, and the
 * keys of its tokens. All of it is in the platform's folder, readable by its owner alone.
 */
final class HouseLock {
  private static final Duration AUTHORITY = Duration.ofDays(3650);
  private static final List<String> HERE = List.of("localhost", "127.0.0.1");
  private static final Set<Machine> SUPERUSERS = Set.of(Machine.CONTROL, Machine.BROKER);

  private final Path data;
  private final Path files;
  private final Policy policy;

  private HouseLock(Path data, Path files, Policy policy) {
    this.data = data;
    this.files = files;
    this.policy = policy;
  }

  /**
   * Makes what is needed in {@code data}, where an earlier start's authority and keys are kept.
   *
   * @param files the folder of the policy
   * @throws HouseException if the policy has errors
   */
  static HouseLock in(Path data, Path files) {
    HouseLock lock = new HouseLock(data, files.toAbsolutePath(), read(files));
    Clock clock = Clock.systemUTC();
    try {
      Files.createDirectories(data);
      TokenKeys.in(
          lock.tokenKeys(), Optional.of(lock.publishedKeys()), lock.tokens().algorithm(), clock);
      Duration lifetime = lock.policy.transport().certificates().lifetime();
      CertificateAuthority authority =
          CertificateAuthority.in(
              data.resolve("authority"), "Sagitta on this machine", AUTHORITY, clock);
      for (Machine machine : Machine.values()) {
        authority.issue(machine, HERE, lifetime, lock.credentials(machine));
      }
      for (Subject subject : lock.policy.individuals()) {
        Path folder = lock.credentials(subject.name());
        authority.issue(new Identity.Subject(subject.name()), List.of(), lifetime, folder);
        CurlFile.write(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot lock what is in " + data, e);
    }
    return lock;
  }

  private static Policy read(Path folder) {
    List<PolicyFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(f -> f.toString().matches(".*\\.ya?ml")).sorted().toList()) {
        files.add(new PolicyFile(file.toString(), Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new HouseException("The policy in " + folder + " cannot be read: " + e);
    }
    PolicyResult result = PolicyReader.read(files);
    return result
        .policy()
        .orElseThrow(
            () -> new HouseException("The policy has errors:\n" + result.problems().get(0)));
  }

  private Transport.Tokens tokens() {
    return policy.transport().tokens();
  }

  private Path tokenKeys() {
    return data.resolve("token-keys.json");
  }

  private Path publishedKeys() {
    return data.resolve("published-keys.json");
  }

  /** Returns the folder that proves one is {@code machine}. */
  Path credentials(Machine machine) {
    return data.resolve("machines").resolve(machine.principal());
  }

  /** Returns the folder that proves one is {@code subject}, a person or service of the policy. */
  Path credentials(String subject) {
    return data.resolve("identity").resolve(subject);
  }

  /** Returns what is needed to speak to the platform as whoever {@code folder} proves one is. */
  static HouseAccess access(Path folder) {
    return new HouseAccess("https", Optional.of(CredentialFolder.open(folder).context()));
  }

  /** Returns how Pulsar is locked. */
  LocalPulsarSecurity pulsar() {
    Transport.Tls tls = policy.transport().tls();
    return new LocalPulsarSecurity(
        credentials(Machine.BROKER),
        publishedKeys(),
        tokens().algorithm(),
        TokenIssuer.PLATFORM,
        TokenIssuer.PULSAR,
        Set.copyOf(SUPERUSERS.stream().map(Identity::principal).toList()),
        tls.versions(),
        tls.allSuites());
  }

  /** Returns the lines of {@code role}'s YAML file that lock it. */
  String settings(Machine role, int controlPort) {
    String tls = "tls: {folder: \"%s\"}%n".formatted(credentials(role));
    String audit =
        "audit: {folder: \"%s\"}%n".formatted(data.resolve("audit").resolve(role.principal()));
    return tls
        + switch (role) {
          case CONTROL ->
              audit
                  + "security: {policy: \"%s\", keys: \"%s\", publishedKeys: \"%s\", logins: \"%s\"}%n"
                      .formatted(files, tokenKeys(), publishedKeys(), data.resolve("logins"));
          case GATEWAY -> audit;
          case NODE -> "control: https://127.0.0.1:%d%n".formatted(controlPort);
          case BROKER -> throw new IllegalArgumentException("The broker has no such file");
        };
  }
}
