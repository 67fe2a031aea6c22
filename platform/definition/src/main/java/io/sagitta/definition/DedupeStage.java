package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.util.List;

/** Drops rows whose key was seen before. */
@Kind(
    value = "dedupe",
    doc = "Drops rows whose key was seen before. It has one input and keeps its columns.",
    example =
        """
        once: {type: dedupe, inputs: [clean], key: [origin, destination, date], within: 1h}
        """)
public record DedupeStage(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(
            doc = "Columns that make two rows the same",
            example = "[id]",
            syntax = Syntax.COLUMN,
            required = true)
        List<String> key,
    @Option(
            doc =
                "How far behind the watermark, in event time, a key is remembered after it was last"
                    + " seen",
            example = "1h",
            positive = true)
        Duration within)
    implements Stage {
  public DedupeStage {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
  }
}
