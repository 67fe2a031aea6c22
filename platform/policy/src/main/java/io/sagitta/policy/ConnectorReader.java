package io.sagitta.policy;

import java.util.ArrayList;
import java.util.List;

/** Reads the allow-lists of all files. */
final class ConnectorReader {
  private final List<PolicyDocument> documents;
  private final TenantReader tenants;

  ConnectorReader(List<PolicyDocument> documents, TenantReader tenants) {
    this.documents = documents;
    this.tenants = tenants;
  }

  List<Policy.Placed> read() {
    List<Policy.Placed> allowances = new ArrayList<>();
    for (PolicyDocument document : documents) {
      for (String path : document.items("allow")) {
        for (String pipelines : document.items(path, "for")) {
          document
              .value(pipelines, Scope.class)
              .ifPresent(scope -> checkScope(document, pipelines, scope));
        }
        checkHosts(document, path);
        document
            .value(path, Allowance.class)
            .ifPresent(
                allowance -> {
                  checkTopic(document, path, allowance);
                  allowances.add(
                      new Policy.Placed(allowance, document.rule(path, allowance.words())));
                });
      }
    }
    return allowances;
  }

  private void checkScope(PolicyDocument document, String path, Scope scope) {
    tenants.check(document, path, scope);
    if (!scope.holdsPipelines()) {
      document.error(
          path, "'%s' is no tenant and no pipeline. Write tenant, or tenant/pipeline", scope);
    }
  }

  private void checkTopic(PolicyDocument document, String path, Allowance allowance) {
    if (allowance instanceof Allowance.Topic topic) {
      String tenant = new ConnectorTarget.Topic(topic.topic(), Access.READ).tenant();
      if (Policy.isPlatforms(tenant, tenants.names())) {
        document.error(
            path + ".topic",
            "%s. Make the pipeline a reader of the stream instead",
            Policy.OWN_TOPIC.formatted(tenant));
      }
    }
  }

  /** Looks at each host by itself, so that one says so beside others that are refused. */
  private static void checkHosts(PolicyDocument document, String path) {
    if (document.value(path + ".loopback", Boolean.class).orElse(false)) {
      return;
    }
    for (String at : document.items(path, "hosts")) {
      document
          .value(at, HostPort.class)
          .filter(HostPort::isSurelyLoopback)
          .ifPresent(
              host ->
                  document.error(
                      at,
                      "'%s' is this machine itself or link-local, where services trust whoever"
                          + " reaches them. Name another host, or add 'loopback: true'",
                      host));
    }
  }
}
