package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;

/** A foreign topic. */
@Kind(
    value = "pulsar",
    doc = "A foreign topic.",
    example =
        """
        feed: {type: pulsar, inputs: [named], topic: "persistent://public/default/airports"}
        """)
public record PulsarSink(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(
            doc = "The topic",
            example = "persistent://public/default/airports",
            syntax = Syntax.TOPIC)
        String topic,
    @Option(
            doc = "How messages are written",
            defaultValue = "arrow",
            choices = {"arrow", "json"})
        Format format)
    implements Sink {
  public PulsarSink {
    inputs = List.copyOf(inputs);
  }
}
