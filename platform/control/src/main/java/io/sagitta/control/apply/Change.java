package io.sagitta.control.apply;

/**
 * One difference between what runs and what is asked for.
 *
 * @param what the kind of thing in words, such as stage, or setting
 * @param text what differs, for people; may be empty
 */
public record Change(String what, String name, Action action, State state, String text) {
  /** What happens to the thing. */
  public enum Action {
    ADD,
    CHANGE,
    DROP
  }

  /** What happens to what the thing remembers. */
  public enum State {
    /** It remembers nothing. */
    NONE,
    /** It goes on with what it remembers. */
    KEPT,
    /** It starts with nothing. */
    NEW,
    /** What it remembers is given up. */
    LOST
  }
}
