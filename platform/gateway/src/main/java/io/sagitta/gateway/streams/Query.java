package io.sagitta.gateway.streams;

import io.sagitta.gateway.catalog.Names;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asks of a stream, from the parameters of its URL: {@code limit}, {@code wait},
 * {@code cursor}, {@code from}, {@code to}, and a value for any column of the stream's key. A key
 * column that is called like one of these is written {@code key.<name>}.
 */
record Query(Filter filter, int limit, Duration patience, Optional<String> cursor) {
  static final int DEFAULT_LIMIT = 1_000;
  static final int MAX_LIMIT = 100_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);
  private static final Pattern WAIT = Pattern.compile("(\\d{1,6})(ms|s|m)");
  private static final String KEY = "key.";

  /**
   * Reads the parameters.
   *
   * @param allowed those of the names above that the path takes
   * @throws ProblemException 400 with what is wrong
   */
  static Query of(Map<String, List<String>> parameters, StreamRef stream, List<String> allowed) {
    Map<String, String> values = new HashMap<>();
    Map<String, String> keys = new HashMap<>();
    parameters.forEach(
        (name, all) -> {
          if (all.size() != 1) {
            throw bad("%s is given %d times; give it once.".formatted(name, all.size()));
          } else if (allowed.contains(name)) {
            values.put(name, all.get(0));
          } else {
            keys.put(key(name, stream, allowed), all.get(0));
          }
        });
    Filter filter = new Filter(time("from", values), time("to", values), keys);
    return new Query(
        filter, limit(values), wait(values), Optional.ofNullable(values.get("cursor")));
  }

  private static String key(String name, StreamRef stream, List<String> allowed) {
    String column = name.startsWith(KEY) ? name.substring(KEY.length()) : name;
    List<String> key = stream.declared().key();
    if (key.contains(column)) {
      return column;
    }
    throw bad(
        "'%s' is neither a parameter nor in the stream's key. %s %s"
            .formatted(name, Names.listed("Its key", key), Names.listed("Parameters", allowed)));
  }

  private static OptionalLong time(String name, Map<String, String> values) {
    String text = values.get(name);
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Filter.micros(text));
    } catch (DateTimeException e) {
      throw bad(
          "%s=%s is no instant; write 2001-01-01T00:00:00Z or 2001-01-01.".formatted(name, text));
    }
  }

  private static int limit(Map<String, String> values) {
    String text = values.getOrDefault("limit", Integer.toString(DEFAULT_LIMIT));
    if (text.matches("\\d{1,6}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw bad("limit=%s is not within 1 and %d.".formatted(text, MAX_LIMIT));
  }

  private static Duration wait(Map<String, String> values) {
    String text = values.getOrDefault("wait", "0s");
    Matcher matcher = WAIT.matcher(text);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      Duration wait =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
          };
      if (wait.compareTo(MAX_WAIT) <= 0) {
        return wait;
      }
    }
    throw bad("wait=%s is no time up to %d s; write 20s.".formatted(text, MAX_WAIT.toSeconds()));
  }

  private static ProblemException bad(String detail) {
    return Problem.of(400, "bad-parameter", "Bad parameter", detail).exception();
  }
}
