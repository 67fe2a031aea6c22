package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fingerprint of what a definition means: SHA-256 over a canonical rendering of its metadata
 * and spec, as 64 hex digits. Comments, layout, the order of named things and defaults written out
 * do not change it; neither do tests, which change nothing that runs. What is empty is left out of
 * the rendering, so that an option added later leaves the fingerprints of older files as they are.
 */
public final class DefinitionHash {
  private DefinitionHash() {}

  /** Returns the fingerprint of {@code definition}. */
  public static String of(PipelineDefinition definition) {
    StringBuilder text = new StringBuilder(DefinitionReader.API_VERSION).append('\n');
    render(definition.metadata(), text);
    render(definition.spec(), text);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void render(Object value, StringBuilder text) {
    if (value instanceof Record entity) {
      renderRecord(entity, text);
    } else if (value instanceof Map<?, ?> map) {
      text.append('{');
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put((String) key, item));
      sorted.forEach((key, item) -> renderNamed(key, item, text));
      text.append('}');
    } else if (value instanceof Collection<?> list) {
      text.append('[');
      for (Object item : list) {
        render(item, text);
        text.append(',');
      }
      text.append(']');
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> render(present, text));
    } else {
      renderText(value.toString(), text);
    }
  }

  private static void renderRecord(Record entity, StringBuilder text) {
    Kind kind = entity.getClass().getAnnotation(Kind.class);
    text.append(kind == null ? "" : kind.value()).append('(');
    for (RecordComponent component : entity.getClass().getRecordComponents()) {
      try {
        renderNamed(component.getName(), component.getAccessor().invoke(entity), text);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }
    text.append(')');
  }

  private static void renderNamed(String name, Object value, StringBuilder text) {
    boolean empty =
        value.equals(Optional.empty())
            || (value instanceof Collection<?> list && list.isEmpty())
            || (value instanceof Map<?, ?> map && map.isEmpty());
    if (!empty) {
      renderText(name, text);
      text.append(':');
      render(value, text);
      text.append(',');
    }
  }

  /** The length in front makes texts that look like structure harmless. */
  private static void renderText(String value, StringBuilder text) {
    text.append(value.length()).append('\'').append(value);
  }
}
