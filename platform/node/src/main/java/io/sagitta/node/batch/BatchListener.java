package io.sagitta.node.batch;

/** Hears how far a run is; called several times a second, on a thread of the run. */
@FunctionalInterface
public interface BatchListener {

  /**
   * Tells what is done at present.
   *
   * @param what such as {@code sink lake}
   * @param fraction of it from 0 to 1
   * @param bytes size of all inputs
   */
  void at(String what, double fraction, long bytes);
}
