package io.sagitta.control.status;

import java.util.Optional;

/**
 * One task: what its owner said last, or that nobody said anything.
 *
 * @param state as {@link io.sagitta.transport.TaskStatus.State}, or {@code WAITING} if no node has
 *     reported it, or {@code SILENT} if its owner has stopped reporting
 * @param watermark ISO-8601; empty before the first row
 * @param behindSeconds how old what it works on is, from its publication on; empty if it has caught
 *     up
 * @param caughtUpInSeconds when that will be, if it goes on as in the last seconds; empty if what
 *     is behind does not shrink
 * @param at when its owner said so, ISO-8601
 */
public record TaskLine(
    String chain,
    int partition,
    String state,
    Optional<String> node,
    String message,
    long step,
    long revision,
    Optional<String> watermark,
    Optional<String> activity,
    Optional<Double> behindSeconds,
    Optional<Double> caughtUpInSeconds,
    Optional<String> at,
    Optional<Double> ageSeconds) {}
