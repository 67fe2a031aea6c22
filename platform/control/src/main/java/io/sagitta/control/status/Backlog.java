package io.sagitta.control.status;

import io.sagitta.transport.Backpressure;
import java.util.Optional;

/**
 * What waits for the tasks of a pipeline that have not caught up.
 *
 * @param bytes compressed as it is in Pulsar; what open windows need is in it
 * @param drainedInSeconds when nothing will wait any more, if it goes on as in the last seconds;
 *     empty if it does not shrink, or is not known yet
 * @param backpressure what holds its ingest; empty if nothing does
 */
public record Backlog(
    long bytes, Optional<Double> drainedInSeconds, Optional<Backpressure> backpressure) {}
