package io.sagitta.policy;

import io.sagitta.definition.ProblemList;
import io.sagitta.definition.options.Binder;
import io.sagitta.definition.options.Shapes;
import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files of a policy: together they become one policy, or all that is wrong with them. It
 * trusts no byte of a file, opens nothing else, and never throws for what a file holds.
 */
public final class PolicyReader {
  private final ProblemList problems = new ProblemList();

  private PolicyReader() {}

  /** Reads {@code files}, whose order means nothing. */
  public static PolicyResult read(List<PolicyFile> files) {
    PolicyReader reader = new PolicyReader();
    Optional<Policy> policy = Optional.empty();
    try {
      policy = Optional.of(reader.policy(files));
    } catch (ProblemList.TooManyProblems e) {
      // What was found so far is enough to go on with.
    }
    return new PolicyResult(
        reader.problems.hasErrors() ? Optional.empty() : policy, reader.problems.sorted());
  }

  private Policy policy(List<PolicyFile> files) {
    List<PolicyDocument> documents = new ArrayList<>();
    for (PolicyFile file : files) {
      PolicyDocument.read(file, problems).ifPresent(documents::add);
    }
    boolean allRead = documents.size() == files.size();
    SubjectReader subjects = new SubjectReader(of(documents, FileKind.SUBJECTS), allRead);
    Directory directory = subjects.read();
    TenantReader tenants = new TenantReader(of(documents, FileKind.TENANTS), subjects, allRead);
    tenants.read();
    GrantReader grants = new GrantReader(of(documents, FileKind.GRANTS), subjects, tenants);
    ConnectorReader connectors = new ConnectorReader(of(documents, FileKind.CONNECTORS), tenants);
    return new Policy(
        directory,
        tenants.good(),
        grants.read(),
        connectors.read(),
        transport(of(documents, FileKind.TRANSPORT)));
  }

  private static List<PolicyDocument> of(List<PolicyDocument> documents, FileKind kind) {
    return documents.stream().filter(document -> document.kind() == kind).toList();
  }

  private static Transport transport(List<PolicyDocument> documents) {
    documents.forEach(TransportChecks::check);
    documents.stream()
        .skip(1)
        .forEach(
            second ->
                second.error(
                    "kind",
                    "%s says how connections are protected already, and there is one way for all."
                        + " Remove one of the files",
                    documents.get(0).place("kind")));
    return documents.stream()
        .findFirst()
        .flatMap(document -> document.value("", TransportFile.class))
        .orElseGet(PolicyReader::defaults)
        .transport();
  }

  /** Returns what holds without a file: the defaults, which stand with the options. */
  private static TransportFile defaults() {
    YamlMapping said =
        new YamlMapping(
            List.of(entry("apiVersion", "sagitta/v1"), entry("kind", "Transport")), Position.START);
    return new Binder(
            (path, scalar, syntax, complain) -> Optional.of(scalar.text()), complaint -> {})
        .bind(Shapes.of(TransportFile.class), said, "", Position.START)
        .map(TransportFile.class::cast)
        .orElseThrow();
  }

  private static YamlMapping.Entry entry(String key, String value) {
    return new YamlMapping.Entry(
        YamlScalar.implied(key, Position.START), YamlScalar.implied(value, Position.START));
  }
}
