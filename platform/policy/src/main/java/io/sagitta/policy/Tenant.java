package io.sagitta.policy;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.Optional;

/** A tenant: what it is for, who answers for it, and its share of the platform. */
public record Tenant(
    @Option(doc = "What it is for", example = "Flights and weather") String purpose,
    @Option(
            doc = "The group or person who answers for it",
            example = "team-aviation",
            syntax = Syntax.NAME)
        String owner,
    @Option(
            name = "quota.rows_per_second",
            doc = "Most rows a second into all of its sources together",
            example = "50000",
            min = 1)
        Optional<Long> rowsPerSecond,
    @Option(
            name = "quota.storage",
            doc = "Most bytes that its topics keep",
            example = "20GiB",
            syntax = Syntax.SIZE,
            positive = true)
        Optional<Long> storageBytes,
    @Option(
            name = "quota.memory",
            doc = "Most memory of one node for its open windows and batches",
            example = "2GiB",
            syntax = Syntax.SIZE,
            positive = true)
        Optional<Long> memoryBytes,
    @Option(
            name = "quota.workers",
            doc = "Most of a node's worker threads at one time",
            example = "50%",
            syntax = Syntax.RATIO,
            min = 0.01,
            max = 1)
        Optional<Double> workerShare) {}
