package io.sagitta.definition.options;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Describes shapes as Markdown: a table of keys for each record, a section for each kind. */
public final class MarkdownTable {
  private MarkdownTable() {}

  /** Returns the table of a record's keys. */
  public static String of(Class<? extends Record> type) {
    return of(Shapes.of(type).entries());
  }

  /** Returns the sections of the kinds of {@code type}, each with its example and its table. */
  public static String ofKinds(Class<?> type, String heading) {
    Shape.Choice choice = Shapes.choice(type);
    return choice.kinds().entrySet().stream()
        .map(kind -> section(kind, heading))
        .collect(Collectors.joining("\n"));
  }

  private static String section(Map.Entry<String, Shape.Fixed> entry, String heading) {
    Kind kind = Shapes.kind(entry.getValue().type());
    return heading
        + " `"
        + entry.getKey()
        + "`\n\n"
        + kind.doc()
        + "\n\n```yaml\n"
        + kind.example()
        + "```\n\n"
        + of(entry.getValue().entries());
  }

  private static String of(List<Shape.Entry> entries) {
    StringBuilder table =
        new StringBuilder(
            "| Key | What it is | Written as | Default |\n| --- | --- | --- | --- |\n");
    rows("", entries, table);
    return table.toString();
  }

  private static void rows(String prefix, List<Shape.Entry> entries, StringBuilder table) {
    for (Shape.Entry entry : entries) {
      String name = prefix + entry.name();
      if (entry instanceof Shape.Group group) {
        rows(name + ".", group.entries(), table);
      } else if (entry instanceof Shape.Leaf leaf) {
        table.append(
            "| `%s` | %s%s | %s | %s |\n"
                .formatted(
                    name,
                    cell(leaf.option().doc()),
                    leaf.option().example().isEmpty() || leaf.option().example().length() > 60
                        ? ""
                        : ". Example: `" + cell(leaf.option().example()) + "`",
                    cell(words(leaf)),
                    standard(leaf)));
      }
    }
  }

  private static String standard(Shape.Leaf leaf) {
    if (leaf.required()) {
      return "**required**";
    }
    return leaf.defaultValue().map(value -> "`" + value + "`").orElse("");
  }

  private static String words(Shape.Leaf leaf) {
    String words = words(leaf.shape());
    Option option = leaf.option();
    if (option.positive()) {
      words += ", over 0";
    }
    if (Double.isFinite(option.min())) {
      words += ", from " + Bounds.plain(option.min());
    }
    if (Double.isFinite(option.max())) {
      words += ", to " + Bounds.plain(option.max());
    }
    return words;
  }

  private static String words(Shape shape) {
    if (shape instanceof Shape.Single single) {
      return single.type().words();
    }
    if (shape instanceof Shape.Listing list) {
      return list.item() instanceof Shape.Single single
          ? "a list; each item " + single.type().words()
          : "a list of mappings";
    }
    if (shape instanceof Shape.Named || shape instanceof Shape.Keyed) {
      return "a mapping by name";
    }
    return shape instanceof Shape.Open ? "rows, see below" : "a mapping, see below";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
