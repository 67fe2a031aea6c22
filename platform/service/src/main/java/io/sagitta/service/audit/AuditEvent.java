package io.sagitta.service.audit;

/**
 * One thing that somebody did, or was not let do.
 *
 * @param who the one spelling of an identity, or {@code -} if nobody was proven
 * @param proof how it was proven, or why it was not
 * @param from the address that it came from
 * @param action the policy's word
 * @param object what it was done to
 * @param outcome {@code allowed} or {@code denied}
 * @param rule the rule that says so, or why none does
 * @param times how often: more than one where what is alike was counted instead of written
 */
public record AuditEvent(
    String who,
    String proof,
    String from,
    String action,
    String object,
    String outcome,
    String rule,
    long times) {
  private static final int MOST_CHARACTERS = 300;

  /** The outcome of what was done. */
  public static final String ALLOWED = "allowed";

  /** The outcome of what was not. */
  public static final String DENIED = "denied";

  public AuditEvent {
    who = bounded(who);
    proof = bounded(proof);
    from = bounded(from);
    action = bounded(action);
    object = bounded(object);
    outcome = bounded(outcome);
    rule = bounded(rule);
  }

  // Names come from callers: a long one must not fill the disk.
  private static String bounded(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }
}
