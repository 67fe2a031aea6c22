package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.util.Optional;

/** Which column says when a row happened, and how long to wait for stragglers. */
public record EventTime(
    @Option(doc = "A timestamp column of the source", example = "date", syntax = Syntax.COLUMN)
        String field,
    @Option(
            doc =
                "How far behind the newest row of its partition a row may be and still count; a later"
                    + " one goes to quarantine with reason late",
            defaultValue = "0s")
        Duration maxLateness,
    @Option(
            doc =
                "After how long without rows a partition no longer holds windows open; never if left"
                    + " out",
            example = "30s",
            positive = true)
        Optional<Duration> idleAfter) {}
