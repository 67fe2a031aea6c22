package io.sagitta.policy;

import java.util.List;

/** A role that some hold somewhere. */
record Grant(Role role, Scope of, List<Grantee> to, Rule rule) {
  Grant {
    to = List.copyOf(to);
  }

  /** Returns whether it lets its holders do {@code action} to {@code resource}. */
  boolean lets(Action action, Resource resource) {
    return role.actions().contains(action) && of.covers(resource);
  }

  /** Returns what a grant says, on one line. */
  static String words(Role role, Scope of, List<Grantee> to) {
    return role.word() + " of " + of + " to " + Allowance.texts(to);
  }
}
