package io.sagitta.cli;

import java.util.List;
import java.util.concurrent.Callable;

/** A command that only holds others. */
interface CommandGroup extends Callable<Integer> {

  /** Returns the commands. */
  List<Callable<Integer>> commands();
}
