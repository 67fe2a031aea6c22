package io.sagitta.node.task;

import io.sagitta.transport.Position;
import java.util.concurrent.CompletableFuture;

/**
 * A step on its way: computed, its outputs perhaps not persisted yet.
 *
 * @param number from 1 without gaps
 * @param last position of its last input message
 * @param needs ordinal of the oldest message that its outcome depends on
 * @param needsFrom ordinal of the oldest message that is still needed once it is finished: by an
 *     open window, or the one behind its last
 * @param afterOrdinal ordinal behind its last input message
 * @param recorded completes with the place of its record in the journal
 * @param published completes when all its outputs are persisted in Pulsar
 */
record Step(
    long number,
    Position last,
    long needs,
    long needsFrom,
    long afterOrdinal,
    CompletableFuture<Position> recorded,
    CompletableFuture<Void> published) {}
