package io.sagitta.definition.yaml;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The text of a file, to find back where a character of a scalar's value stands. */
public final class YamlSource {
  private final int[] codePoints;
  private final int[] lineStarts;

  YamlSource(String text) {
    codePoints = text.codePoints().toArray();
    lineStarts = lineStarts(codePoints);
  }

  /**
   * Returns where the character {@code offset} of {@code scalar}'s value stands. Escapes and folded
   * lines are followed; white space they make up is put beside its neighbour.
   */
  public Position positionOf(YamlScalar scalar, int offset) {
    int end = Math.min(scalar.to(), codePoints.length);
    int raw = contentStart(scalar, end);
    String text = scalar.text();
    int blanks = 0;
    int at = 0;
    while (at < text.length()) {
      int wanted = text.codePointAt(at);
      if (Character.isWhitespace(wanted)) {
        if (at >= offset) {
          return position(skipBlanks(raw, blanks, end));
        }
        blanks = wanted == '\n' ? 0 : blanks + 1;
      } else {
        raw = find(wanted, raw, end, scalar.style());
        if (at + Character.charCount(wanted) > offset) {
          return position(raw);
        }
        raw += scalar.style() == YamlScalar.Style.DOUBLE_QUOTED ? widthAt(raw, end) : 1;
        blanks = 0;
      }
      at += Character.charCount(wanted);
    }
    return position(Math.min(raw, end));
  }

  private int contentStart(YamlScalar scalar, int end) {
    int raw = scalar.from();
    return switch (scalar.style()) {
      case PLAIN -> raw;
      case SINGLE_QUOTED, DOUBLE_QUOTED -> raw + 1;
      case BLOCK -> {
        while (raw < end && codePoints[raw] != '\n' && codePoints[raw] != '\r') {
          raw++;
        }
        yield raw;
      }
    };
  }

  private int skipBlanks(int raw, int blanks, int end) {
    int at = raw;
    while (at < end && at - raw < blanks && (codePoints[at] == ' ' || codePoints[at] == '\t')) {
      at++;
    }
    return at;
  }

  private int find(int wanted, int from, int end, YamlScalar.Style style) {
    int at = from;
    while (at < end) {
      if (style == YamlScalar.Style.DOUBLE_QUOTED && codePoints[at] == '\\' && at + 1 < end) {
        int escape = codePoints[at + 1];
        if (escape == wanted || "xuU".indexOf(escape) >= 0) {
          return at;
        }
        at += 2;
      } else if (codePoints[at] == wanted) {
        return at;
      } else {
        at++;
      }
    }
    return end;
  }

  private int widthAt(int at, int end) {
    if (at >= end || codePoints[at] != '\\' || at + 1 >= end) {
      return 1;
    }
    return switch (codePoints[at + 1]) {
      case 'x' -> 4;
      case 'u' -> 6;
      case 'U' -> 10;
      default -> 2;
    };
  }

  /** Returns the line and column of the code point {@code index}. */
  Position position(int index) {
    int last = Math.min(index, codePoints.length);
    int found = Arrays.binarySearch(lineStarts, last);
    int line = found >= 0 ? found : -found - 2;
    return new Position(line + 1, last - lineStarts[line] + 1);
  }

  private static int[] lineStarts(int[] text) {
    IntStream ends =
        IntStream.range(0, text.length)
            .filter(
                i ->
                    text[i] == '\n'
                        || (text[i] == '\r' && (i + 1 == text.length || text[i + 1] != '\n')));
    return IntStream.concat(IntStream.of(0), ends.map(i -> i + 1)).toArray();
  }
}
