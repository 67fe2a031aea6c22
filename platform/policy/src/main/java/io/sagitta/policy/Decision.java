package io.sagitta.policy;

import java.util.List;

/** What the policy says to one question. */
public sealed interface Decision {

  /** Returns whether it may be. */
  default boolean allowed() {
    return this instanceof Allowed;
  }

  /**
   * It may be.
   *
   * @param reasons each of them would do; at least one, in the order of the files
   */
  record Allowed(List<Reason> reasons) implements Decision {
    public Allowed {
      reasons = List.copyOf(reasons);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("nothing is allowed without a rule");
      }
    }

    /** Returns the first rule that says so. */
    public Rule rule() {
      return reasons.get(0).rule();
    }
  }

  /**
   * It may not be: no rule says so.
   *
   * @param why for the audit log and whoever writes the policy; not for whoever asked
   */
  record Denied(String why) implements Decision {}

  /**
   * A rule, and how the subject comes under it.
   *
   * @param through groups from the subject to the one that the rule names; none if it is named
   */
  record Reason(Rule rule, List<String> through) {
    public Reason {
      through = List.copyOf(through);
    }
  }
}
