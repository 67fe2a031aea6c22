package io.sagitta.acceptance.attack;

import java.util.List;
import org.junit.jupiter.api.function.Executable;

/**
 * One thing that somebody tries.
 *
 * @param what is tried, and what has to come of it
 * @param doing tries it, and fails if something else comes of it
 */
record Attack(String what, Executable doing) {
  /** Attacks of one kind. */
  interface Group {
    /** Returns them, in the order in which they are made. */
    List<Attack> attacks();
  }
}
