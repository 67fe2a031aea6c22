package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.util.List;

/** A result that readers outside the pipeline can ask for. */
public record Stream(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(
            doc = "Columns by which readers look up the latest row",
            example = "[origin]",
            syntax = Syntax.COLUMN)
        List<String> key,
    @Option(doc = "For how long rows can be read again", defaultValue = "7d", positive = true)
        Duration retain,
    @Option(
            doc =
                "What a later revision may change: backward allows new columns, none also what no"
                    + " other pipeline reads",
            defaultValue = "backward")
        Compatibility compatibility,
    @Option(
            doc = "People, services and groups that ask to read it; the files in `security/` grant",
            example = "[dashboard]",
            syntax = Syntax.NAME)
        List<String> readers) {
  public Stream {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
    readers = List.copyOf(readers);
  }

  /** What a later revision may change in a stream's schema. */
  public enum Compatibility {
    NONE,
    BACKWARD
  }
}
