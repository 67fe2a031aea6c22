package io.sagitta.definition;

import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlScalar;
import io.sagitta.definition.yaml.YamlSequence;
import io.sagitta.definition.yaml.YamlSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each value of a definition, or of another file of options, stands in its file, by path such
 * as {@code spec.stages.clean.query}; a list's items are {@code path[0]}. A value that is a list or
 * mapping is pointed at by its key.
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

  /** A text as it is written, and what was put into it for its references. */
  private record Text(YamlScalar scalar, YamlSource source) {}

  private final String file;
  private final Map<String, Place> places;
  private final Map<String, Text> texts = new HashMap<>();
  private Map<String, List<References.Replacement>> replacements = Map.of();

  /** Creates the places of {@code file}. */
  public Locations(String file, Map<String, Place> places) {
    this.file = file;
    this.places = new HashMap<>(places);
  }

  /** Returns the places of everything in {@code root}. */
  public static Locations of(String file, YamlNode root, YamlSource source) {
    Locations locations = new Locations(file, Map.of());
    locations.add("", root, root.at(), source);
    return locations;
  }

  /** Says what was put into texts, so that offsets are those of the file again. */
  void replaced(Map<String, List<References.Replacement>> made) {
    replacements = Map.copyOf(made);
  }

  private void add(String path, YamlNode node, Position at, YamlSource source) {
    if (node instanceof YamlScalar scalar) {
      Position text = source.positionOf(scalar, 0);
      places.put(path, new Place(at.line(), at.column(), text.line(), text.column()));
      texts.put(path, new Text(scalar, source));
      return;
    }
    places.put(path, new Place(at.line(), at.column(), at.line(), at.column()));
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        String child = path.isEmpty() ? entry.name() : path + "." + entry.name();
        add(child, entry.value(), entry.place(), source);
      }
    } else if (node instanceof YamlSequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        YamlNode item = sequence.items().get(i);
        add(path + "[" + i + "]", item, item.at(), source);
      }
    }
  }

  /** Returns the error {@code message} at {@code path}, or at its nearest known parent. */
  public Problem error(String path, String message) {
    return problem(Problem.Severity.ERROR, path, message);
  }

  /** Returns the warning {@code message} at {@code path}, or at its nearest known parent. */
  public Problem warning(String path, String message) {
    return problem(Problem.Severity.WARNING, path, message);
  }

  private Problem problem(Problem.Severity severity, String path, String message) {
    Place place = place(path);
    return new Problem(severity, file, place.line(), place.column(), message);
  }

  /**
   * Returns the error {@code message} at the character {@code offset} of the text at {@code path},
   * whose text is {@code text}: as the definition holds it, with its params put in.
   */
  public Problem errorInText(String path, String text, int offset, String message) {
    Text written = texts.get(path);
    if (written != null) {
      Position at = written.source().positionOf(written.scalar(), written(path, offset));
      return new Problem(Problem.Severity.ERROR, file, at.line(), at.column(), message);
    }
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

  /** Returns the offset in the text as written of {@code offset} in the text as it is meant. */
  private int written(String path, int offset) {
    int shift = 0;
    for (References.Replacement made : replacements.getOrDefault(path, List.of())) {
      if (offset < made.from()) {
        break;
      }
      if (offset < made.to()) {
        return made.originalFrom();
      }
      shift = made.originalTo() - made.to();
    }
    return offset + shift;
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
