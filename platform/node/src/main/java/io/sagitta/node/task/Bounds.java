package io.sagitta.node.task;

/**
 * How much a step takes at most, and how many steps may be on their way.
 *
 * @param rows rows of a step
 * @param bytes payload bytes of a step
 * @param stepsInFlight steps whose outputs are not persisted; while so many are, messages wait and
 *     the next step grows
 * @param messageBytes payload of one output message
 */
record Bounds(long rows, long bytes, int stepsInFlight, int messageBytes) {
  static final Bounds DEFAULT = new Bounds(200_000, 16 << 20, 3, 1 << 20);
}
