package io.sagitta.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the grants of all files. */
final class GrantReader {
  private final List<PolicyDocument> documents;
  private final SubjectReader subjects;
  private final TenantReader tenants;
  private final List<Grant> grants = new ArrayList<>();
  private final Map<String, String> given = new HashMap<>();

  GrantReader(List<PolicyDocument> documents, SubjectReader subjects, TenantReader tenants) {
    this.documents = documents;
    this.subjects = subjects;
    this.tenants = tenants;
  }

  List<Grant> read() {
    for (PolicyDocument document : documents) {
      for (String path : document.items("grants")) {
        Optional<Role> role = document.value(path + ".role", Role.class);
        Optional<Scope> of = document.value(path + ".of", Scope.class);
        of.ifPresent(scope -> tenants.check(document, path + ".of", scope));
        if (role.isPresent() && of.isPresent()) {
          checkUse(document, path, role.get(), of.get());
        }
        for (String to : document.items(path, "to")) {
          document.value(to, Grantee.class).ifPresent(g -> checkGrantee(document, to, role, g));
        }
        document
            .value(path, GrantsFile.GrantKeys.class)
            .ifPresent(keys -> add(document, path, keys));
      }
    }
    return grants;
  }

  private static void checkUse(PolicyDocument document, String path, Role role, Scope of) {
    if (!of.concerns(role)) {
      document.error(
          path + ".role",
          "a role '%s' of '%s' lets nobody do anything. Roles of use there: %s",
          role.word(),
          of,
          Role.usefulIn(of));
    }
  }

  private void checkGrantee(
      PolicyDocument document, String path, Optional<Role> role, Grantee grantee) {
    Optional<Resource.Pipeline> pipeline = grantee.pipeline();
    if (pipeline.isEmpty()) {
      if (!subjects.isKnown(grantee.name())) {
        document.error(
            path,
            "there is no person, service or group '%s'.%s",
            grantee,
            subjects.near(grantee.name()));
      }
      return;
    }
    tenants.check(document, path, new Scope(List.of(pipeline.get().tenant())));
    if (role.isPresent() && role.get() != Role.READER) {
      document.error(
          path,
          "'%s' is a pipeline, which may only be a reader of streams. Name a person, service or group",
          grantee);
    }
  }

  private void add(PolicyDocument document, String path, GrantsFile.GrantKeys keys) {
    for (Grantee grantee : keys.to()) {
      String same = Grant.words(keys.role(), keys.of(), List.of(grantee));
      String other = given.putIfAbsent(same, document.place(path));
      if (other != null) {
        document.warning(
            path,
            "%s grants '%s' already: whoever takes one away leaves the other. Remove one",
            other,
            same);
      }
    }
    grants.add(
        new Grant(
            keys.role(),
            keys.of(),
            keys.to(),
            document.rule(path, Grant.words(keys.role(), keys.of(), keys.to()))));
  }
}
