package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;

/**
 * A foreign topic, which the task itself writes. Rows arrive effectively once if deduplication is
 * on for the topic's namespace, else at least once.
 */
@Kind(
    value = "pulsar",
    doc =
        "A foreign topic. Each row arrives effectively once if deduplication is on for the topic's"
            + " namespace (`pulsar-admin namespaces set-deduplication -e`), else at least once."
            + " A topic that is not there is created without partitions; its namespace must be"
            + " there.",
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
            doc =
                "How messages are written: an Arrow IPC stream each, or JSON with an object a line;"
                    + " a message holds a batch of rows",
            defaultValue = "arrow",
            choices = {"arrow", "json"})
        Format format)
    implements Sink {
  public PulsarSink {
    inputs = List.copyOf(inputs);
  }
}
