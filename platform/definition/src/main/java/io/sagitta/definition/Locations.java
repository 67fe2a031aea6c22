package io.sagitta.definition;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where each value of a definition stands in its file, by path such as {@code
 * spec.stages.clean.query}; a list's items are {@code path[0]}.
 */
public final class Locations {

  /**
   * A place in a file.
   *
   * @param line from 1
   * @param column from 1
   * @param textLine the line where a block scalar's text starts, or {@code line}
   * @param textColumn the column where each line of the text starts
   */
  public record Place(int line, int column, int textLine, int textColumn) {}

  private final String file;
  private final Map<String, Place> places;

  /** Creates the places of {@code file}. */
  public Locations(String file, Map<String, Place> places) {
    this.file = file;
    this.places = new TreeMap<>(places);
  }

  /** Returns the problem {@code message} at {@code path}, or at its nearest known parent. */
  public Problem error(String path, String message) {
    Place place = place(path);
    return new Problem(Problem.Severity.ERROR, file, place.line(), place.column(), message);
  }

  /**
   * Returns the problem {@code message} at the character {@code offset} of the text at {@code
   * path}, whose text is {@code text}.
   */
  public Problem errorInText(String path, String text, int offset, String message) {
    Place place = place(path);
    int at = Math.max(0, Math.min(offset, text.length()));
    int newlines = (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int inLine = at - (text.lastIndexOf('\n', at - 1) + 1);
    return new Problem(
        Problem.Severity.ERROR,
        file,
        place.textLine() + newlines,
        place.textColumn() + inLine,
        message);
  }

  /** Returns where {@code path} stands, or its nearest known parent, or the file's start. */
  public Place place(String path) {
    String at = path;
    while (true) {
      Place place = places.get(at);
      if (place != null) {
        return place;
      }
      int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      if (cut < 0) {
        return new Place(1, 1, 1, 1);
      }
      at = at.substring(0, cut);
    }
  }
}
