package io.sagitta.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of text in aligned columns; numbers stand at the right. */
final class TextTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... header) {
    this.header = List.of(header);
  }

  TextTable row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException("A row has as many cells as the header");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Returns the lines, header first in bold markup, each indented by {@code indent}. */
  List<String> lines(String indent) {
    int[] widths =
        IntStream.range(0, header.size())
            .map(
                c ->
                    Math.max(
                        header.get(c).length(),
                        rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0)))
            .toArray();
    List<String> lines = new ArrayList<>();
    lines.add(indent + "@|bold " + line(header, widths) + "|@");
    rows.forEach(row -> lines.add(indent + line(row, widths)));
    return lines;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      String cell = cells.get(c);
      String padding = " ".repeat(widths[c] - cell.length());
      line.append(isNumeric(c) ? padding + cell : cell + padding).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private boolean isNumeric(int column) {
    return rows.stream().allMatch(r -> r.get(column).matches("[-+0-9.,:/%]*"));
  }
}
