package io.sagitta.transport;

import io.sagitta.engine.Progress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a message says about its payload, in Pulsar's message properties. Foreign readers may ignore
 * it: the payload describes itself.
 *
 * @param kind what the payload is
 * @param from the upstream task, as {@code chain/partition}; or who published into a source
 * @param input the source or stage whose rows they are
 * @param rows how many rows the payload has
 * @param progress where the sender stands after this message
 * @param extra further properties, such as a feeder's position
 */
public record Header(
    Kind kind,
    String from,
    String input,
    long rows,
    Optional<Progress> progress,
    Map<String, String> extra) {
  public Header {
    extra = Map.copyOf(extra);
  }

  /** What a message's payload is. */
  public enum Kind {
    /** An Arrow IPC stream with rows. */
    ROWS,
    /** An Arrow IPC stream with rows that ingest could not read. */
    REJECTS,
    /** Nothing: news of the sender's progress. */
    SIGNAL
  }

  private static final String KIND = "kind";
  private static final String FROM = "from";
  private static final String INPUT = "input";
  private static final String ROWS = "rows";
  private static final String WATERMARK = "watermark";
  private static final String SEEN = "seen";
  private static final String ACTIVITY = "activity";

  /** Returns a header without further properties. */
  public static Header of(
      Kind kind, String from, String input, long rows, Optional<Progress> progress) {
    return new Header(kind, from, input, rows, progress, Map.of());
  }

  Map<String, String> toProperties() {
    Map<String, String> properties = new HashMap<>(extra);
    properties.put(KIND, kind.name());
    properties.put(FROM, from);
    properties.put(INPUT, input);
    properties.put(ROWS, Long.toString(rows));
    progress.ifPresent(
        p -> {
          properties.put(WATERMARK, Long.toString(p.watermarkMicros()));
          properties.put(SEEN, Long.toString(p.seenMicros()));
          properties.put(ACTIVITY, p.activity().name());
        });
    return properties;
  }

  static Header fromProperties(Map<String, String> properties) {
    Map<String, String> extra = new HashMap<>(properties);
    String kind = extra.remove(KIND);
    String rows = extra.remove(ROWS);
    String watermark = extra.remove(WATERMARK);
    String seen = extra.remove(SEEN);
    String activity = extra.remove(ACTIVITY);
    String from = extra.remove(FROM);
    String input = extra.remove(INPUT);
    Optional<Progress> progress =
        watermark == null || seen == null || activity == null
            ? Optional.empty()
            : Optional.of(
                new Progress(
                    Long.parseLong(watermark),
                    Long.parseLong(seen),
                    Progress.Activity.valueOf(activity)));
    return new Header(
        kind == null ? Kind.ROWS : Kind.valueOf(kind),
        from == null ? "" : from,
        input == null ? "" : input,
        rows == null ? 0 : Long.parseLong(rows),
        progress,
        extra);
  }
}
