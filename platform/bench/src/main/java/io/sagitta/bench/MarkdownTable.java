package io.sagitta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table that reads well as text and as Markdown; all columns but the first are aligned right. */
final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** Creates one with these headings. */
  MarkdownTable(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row; a number has as many decimals as its size calls for. */
  MarkdownTable row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Number number ? number(number.doubleValue()) : cell.toString());
    }
    rows.add(row);
    return this;
  }

  /** Returns {@code value} with about three digits that count. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    String format = size >= 100 || value == 0 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Returns the table as Markdown. */
  String text() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], Math.max(3, row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String format = i == 0 ? "| %-" + widths[i] + "s " : "| %" + widths[i] + "s ";
        text.append(String.format(Locale.ROOT, format, rows.get(r).get(i)));
      }
      text.append("|\n");
      if (r == 0) {
        for (int i = 0; i < columns; i++) {
          text.append("| ").append("-".repeat(widths[i] - 1)).append(i == 0 ? "- " : ": ");
        }
        text.append("|\n");
      }
    }
    return text.toString().stripTrailing();
  }
}
