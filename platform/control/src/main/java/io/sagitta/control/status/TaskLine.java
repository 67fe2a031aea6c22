package io.sagitta.control.status;

import java.util.Optional;

/**
 * One task: what its owner said last, or that nobody said anything.
 *
 * @param state as {@link io.sagitta.transport.TaskStatus.State}, or {@code WAITING} if no node has
 *     reported it, or {@code SILENT} if its owner has stopped reporting
 * @param watermark ISO-8601; empty before the first row
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
    Optional<String> at,
    Optional<Double> ageSeconds) {}
