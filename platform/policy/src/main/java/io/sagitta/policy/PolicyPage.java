package io.sagitta.policy;

import io.sagitta.definition.options.MarkdownTable;
import io.sagitta.definition.options.ReferenceFrame;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference of the policy's files, made of the same declarations that the reader obeys. */
public final class PolicyPage {
  private PolicyPage() {}

  /** Returns the page in Markdown. */
  public static String markdown() {
    return ReferenceFrame.fill(
        PolicyPage.class,
        "policy-page.md",
        Map.ofEntries(
            Map.entry("subjects", MarkdownTable.of(SubjectsFile.class)),
            Map.entry("person", MarkdownTable.of(SubjectsFile.PersonKeys.class)),
            Map.entry("service", MarkdownTable.of(SubjectsFile.ServiceKeys.class)),
            Map.entry("group", MarkdownTable.of(SubjectsFile.GroupKeys.class)),
            Map.entry("tenants", MarkdownTable.of(TenantsFile.class)),
            Map.entry("tenant", MarkdownTable.of(Tenant.class)),
            Map.entry("grants", MarkdownTable.of(GrantsFile.class)),
            Map.entry("grant", MarkdownTable.of(GrantsFile.GrantKeys.class)),
            Map.entry("roles", roles()),
            Map.entry("actions", actions()),
            Map.entry("connectors", MarkdownTable.of(ConnectorsFile.class)),
            Map.entry("allowances", MarkdownTable.ofKinds(Allowance.class, "###")),
            Map.entry("transport", MarkdownTable.of(TransportFile.class)),
            Map.entry("tls", MarkdownTable.of(Transport.Tls.class)),
            Map.entry("certificates", MarkdownTable.of(Transport.Certificates.class)),
            Map.entry("tokens", MarkdownTable.of(Transport.Tokens.class)),
            Map.entry("sessions", MarkdownTable.of(Transport.Sessions.class))));
  }

  private static String roles() {
    return Arrays.stream(Role.values())
        .map(role -> "| `%s` | %s | %s |\n".formatted(role.word(), role.doc(), actionsOf(role)))
        .collect(
            Collectors.joining("", "| Role | Who holds it | Actions |\n| --- | --- | --- |\n", ""));
  }

  private static String actionsOf(Role role) {
    return Action.all().stream()
        .filter(role.actions()::contains)
        .map(action -> "`" + action.word() + "`")
        .collect(Collectors.joining(" "));
  }

  private static String actions() {
    return Action.all().stream()
        .map(
            action ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        action.word(),
                        "`" + Resource.form(action) + "`",
                        action.doc(),
                        Role.with(action).stream()
                            .map(role -> "`" + role.word() + "`")
                            .collect(Collectors.joining(" "))))
        .collect(
            Collectors.joining(
                "", "| Action | On | What it is | Roles |\n| --- | --- | --- | --- |\n", ""));
  }
}
