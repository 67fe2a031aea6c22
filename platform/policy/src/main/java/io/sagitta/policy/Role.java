package io.sagitta.policy;

import io.sagitta.policy.Action.OnPipeline;
import io.sagitta.policy.Action.OnPlatform;
import io.sagitta.policy.Action.OnSource;
import io.sagitta.policy.Action.OnStream;
import io.sagitta.policy.Action.OnTenant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A set of actions that is granted as one. The roles are the code's, not the files': so a file
 * cannot make one that nobody has looked at. No role but {@link #READER} and {@link #WRITER} moves
 * data, and these two do nothing else.
 */
public enum Role {
  VIEWER("sees what runs, and no rows"),
  OPERATOR("keeps pipelines running"),
  DEPLOYER("brings new revisions; a build server needs no more"),
  ADMIN("may do all but see sensitive columns, read streams and write to sources"),
  AUDITOR("sees who did what, and changes nothing"),
  CUSTODIAN("looks at rows with nothing masked"),
  READER("reads streams"),
  WRITER("writes to sources");

  private final String doc;

  Role(String doc) {
    this.doc = doc;
  }

  /** Returns the name, as files say it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns who it is for. */
  public String doc() {
    return doc;
  }

  /** Returns what its holders may do where they hold it. */
  public Set<Action> actions() {
    return switch (this) {
      case VIEWER -> Set.of(OnPipeline.VIEW);
      case OPERATOR ->
          Set.of(
              OnPipeline.VIEW,
              OnPipeline.TAP,
              OnPipeline.PAUSE,
              OnPipeline.REPLAY,
              OnPipeline.ROLLBACK);
      case DEPLOYER ->
          Set.of(OnPipeline.VIEW, OnPipeline.PLAN, OnPipeline.APPLY, OnPipeline.ROLLBACK);
      case ADMIN ->
          Set.of(
              OnPlatform.INSPECT,
              OnPlatform.ADMINISTER,
              OnTenant.AUDIT,
              OnPipeline.VIEW,
              OnPipeline.TAP,
              OnPipeline.PAUSE,
              OnPipeline.REPLAY,
              OnPipeline.ROLLBACK,
              OnPipeline.PLAN,
              OnPipeline.APPLY,
              OnPipeline.DELETE);
      case AUDITOR -> Set.of(OnPlatform.INSPECT, OnTenant.AUDIT);
      case CUSTODIAN -> Set.of(OnPipeline.VIEW, OnPipeline.TAP, OnPipeline.UNMASK);
      case READER -> Set.of(OnStream.READ);
      case WRITER -> Set.of(OnSource.WRITE);
    };
  }

  /** Returns the roles that hold {@code action}, the least powerful first. */
  static List<Role> with(Action action) {
    return Arrays.stream(values())
        .filter(role -> role.actions().contains(action))
        .sorted((a, b) -> Integer.compare(a.actions().size(), b.actions().size()))
        .toList();
  }

  /** Returns the roles that can do anything at all in {@code scope}, as text. */
  static String usefulIn(Scope scope) {
    return Arrays.stream(values())
        .filter(scope::concerns)
        .map(Role::word)
        .collect(Collectors.joining(", "));
  }
}
