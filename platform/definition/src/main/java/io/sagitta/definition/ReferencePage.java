package io.sagitta.definition;

import io.sagitta.definition.options.MarkdownTable;
import io.sagitta.definition.options.ReferenceFrame;
import java.util.Map;

/**
 * The reference of pipeline files, made of the same declarations that the reader obeys: a text in
 * which {@code {{name}}} stands for a table.
 */
public final class ReferencePage {
  private ReferencePage() {}

  /** Returns the page in Markdown. */
  public static String markdown() {
    Map<String, String> tables =
        Map.ofEntries(
            Map.entry("file", MarkdownTable.of(PipelineFile.class)),
            Map.entry("metadata", MarkdownTable.of(Metadata.class)),
            Map.entry("spec", MarkdownTable.of(PipelineFile.SpecKeys.class)),
            Map.entry("param", MarkdownTable.of(Param.class)),
            Map.entry("sources", MarkdownTable.ofKinds(Source.class, "###")),
            Map.entry("eventtime", MarkdownTable.of(EventTime.class)),
            Map.entry("column", MarkdownTable.of(Field.class)),
            Map.entry("tables", MarkdownTable.ofKinds(Table.class, "###")),
            Map.entry("stages", MarkdownTable.ofKinds(Stage.class, "###")),
            Map.entry("windows", MarkdownTable.ofKinds(Window.class, "####")),
            Map.entry("sinks", MarkdownTable.ofKinds(Sink.class, "###")),
            Map.entry("stream", MarkdownTable.of(Stream.class)),
            Map.entry("errors", MarkdownTable.of(ErrorPolicy.class)),
            Map.entry("sla", MarkdownTable.of(Sla.class)),
            Map.entry("target", MarkdownTable.of(Sla.Target.class)),
            Map.entry("schedule", MarkdownTable.of(Schedule.class)),
            Map.entry("after", MarkdownTable.of(Schedule.After.class)),
            Map.entry("test", MarkdownTable.of(PipelineFile.TestKeys.class)),
            Map.entry("environment", MarkdownTable.of(Environment.class)));
    return ReferenceFrame.fill(ReferencePage.class, "reference-page.md", tables);
  }
}
