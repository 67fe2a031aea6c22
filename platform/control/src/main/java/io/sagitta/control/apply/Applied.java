package io.sagitta.control.apply;

/**
 * What apply did.
 *
 * @param revision what is to run now
 * @param unchanged whether it was to run already
 * @param plan what was changed
 */
public record Applied(
    String tenant, String pipeline, long revision, boolean unchanged, PlanReport plan) {}
