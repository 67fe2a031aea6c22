package io.sagitta.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A policy for a platform that something is tried on: one tenant, and one service that may do
 * everything in it and administer the platform.
 */
public final class TrialPolicy {
  /** The service. */
  public static final String SERVICE = "trial";

  private TrialPolicy() {}

  /**
   * Writes it into {@code folder}.
   *
   * @param connectors what the tenant's pipelines may reach, each the text of a rule without its
   *     {@code for}, such as {@code type: folder, path: lake, access: [write]}
   * @return the folder
   */
  public static Path write(Path folder, String tenant, List<String> connectors) {
    StringBuilder allow = new StringBuilder();
    connectors.forEach(rule -> allow.append("  - {for: [%s], %s}\n".formatted(tenant, rule)));
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("trial.yaml"),
          """
          apiVersion: sagitta/v1
          kind: Subjects
          services: {%1$s: {purpose: Tries the platform}}
          groups: {owners: {members: [%1$s]}}
          """
              .formatted(SERVICE));
      Files.writeString(
          folder.resolve("tenants.yaml"),
          """
          apiVersion: sagitta/v1
          kind: Tenants
          tenants: {%s: {purpose: What is tried, owner: owners}}
          """
              .formatted(tenant));
      Files.writeString(
          folder.resolve("grants.yaml"),
          """
          apiVersion: sagitta/v1
          kind: Grants
          grants:
            - {role: admin, of: platform, to: [owners]}
            - {role: admin, of: %1$s, to: [owners]}
            - {role: custodian, of: %1$s, to: [owners]}
            - {role: reader, of: %1$s, to: [owners]}
            - {role: writer, of: %1$s, to: [owners]}
          """
              .formatted(tenant));
      Files.writeString(
          folder.resolve("connectors.yaml"),
          "apiVersion: sagitta/v1\nkind: Connectors\nallow:%s"
              .formatted(connectors.isEmpty() ? " []\n" : "\n" + allow));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("The policy cannot be put into " + folder, e);
    }
  }
}
