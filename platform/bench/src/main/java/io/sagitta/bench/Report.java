package io.sagitta.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Markdown about one measurement, printed as it comes. */
final class Report {
  private final PrintStream out;
  private final PrintStream progress;
  private final StringBuilder text = new StringBuilder();

  /**
   * Creates an empty one.
   *
   * @param out gets the text
   * @param progress gets what is only of interest while it runs
   */
  Report(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Says what is going on; not part of the text. */
  void progress(String format, Object... values) {
    progress.println("  … " + String.format(Locale.ROOT, format, values));
  }

  /** Adds a paragraph. */
  void paragraph(String format, Object... values) {
    add(String.format(Locale.ROOT, format, values));
  }

  /** Adds a table. */
  void table(MarkdownTable table) {
    add(table.text());
  }

  private void add(String block) {
    String separated = text.isEmpty() ? block : "\n\n" + block;
    text.append(separated);
    out.println(separated);
    out.flush();
  }

  /** Returns all of it. */
  String text() {
    return text.toString();
  }
}
