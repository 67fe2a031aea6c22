package io.sagitta.definition.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page's text in which {@code {{name}}} on a line of its own stands for a table. */
public final class ReferenceFrame {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}\\n");

  private ReferenceFrame() {}

  /** Returns the text of {@code file} beside the class {@code owner}, with {@code tables} in it. */
  public static String fill(Class<?> owner, String file, Map<String, String> tables) {
    return PLACE
        .matcher(text(owner, file))
        .replaceAll(place -> Matcher.quoteReplacement(table(file, tables, place.group(1))));
  }

  private static String table(String file, Map<String, String> tables, String name) {
    String table = tables.get(name);
    if (table == null) {
      throw new IllegalStateException(file + " asks for the table " + name + ", which is not made");
    }
    return table;
  }

  private static String text(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not beside its class");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }
}
