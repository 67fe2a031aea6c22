package io.sagitta.policy;

import io.sagitta.definition.options.Nearest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the tenants of all files. */
final class TenantReader {
  private static final String SYSTEM = "sagitta";

  private final List<PolicyDocument> documents;
  private final SubjectReader subjects;
  private final boolean allRead;
  private final Set<String> names = new LinkedHashSet<>();
  private final Map<String, Tenant> good = new LinkedHashMap<>();

  TenantReader(List<PolicyDocument> documents, SubjectReader subjects, boolean allRead) {
    this.documents = documents;
    this.subjects = subjects;
    this.allRead = allRead;
  }

  void read() {
    Map<String, String> places = new HashMap<>();
    for (PolicyDocument document : documents) {
      for (String name : document.names("tenants")) {
        String path = "tenants." + name;
        String other = places.putIfAbsent(name, document.place(path));
        if (other != null) {
          document.error(path, "the tenant '%s' is in %s already. Remove one", name, other);
        } else {
          names.add(name);
          document.value(path, Tenant.class).ifPresent(tenant -> add(document, path, name, tenant));
        }
      }
    }
  }

  private void add(PolicyDocument document, String path, String name, Tenant tenant) {
    if (name.equals(SYSTEM) || name.equals(Resource.Platform.NAME)) {
      document.error(path, "the name '%s' is the platform's own. Choose another one", name);
    }
    if (!subjects.isKnown(tenant.owner())) {
      document.error(
          path + ".owner",
          "there is no person, service or group '%s'.%s",
          tenant.owner(),
          subjects.near(tenant.owner()));
    }
    good.put(name, tenant);
  }

  /** Returns the tenants, by name. */
  Map<String, Tenant> good() {
    return good;
  }

  /** Returns the names, also of tenants that were refused. */
  Set<String> names() {
    return names;
  }

  /** Complains at {@code path} if the tenant of {@code scope} is none. */
  void check(PolicyDocument document, String path, Scope scope) {
    scope
        .tenant()
        .filter(tenant -> allRead && !names.contains(tenant))
        .ifPresent(
            tenant -> {
              String hint = Nearest.hint(tenant, names);
              document.error(
                  path,
                  "there is no tenant '%s'.%s",
                  tenant,
                  hint.isEmpty() ? " Add it to a file of kind Tenants" : hint);
            });
  }
}
