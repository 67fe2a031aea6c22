package io.sagitta.engine.codec;

import java.util.Locale;
import java.util.Optional;

/** How rows are written where the outside world speaks rows. */
public enum RowFormat {
  /** A JSON object a line. */
  JSON_LINES("application/x-ndjson"),
  /** A JSON array of objects. */
  JSON_ARRAY("application/json"),
  /** Comma-separated values by RFC 4180, the first line naming the columns. */
  CSV("text/csv"),
  /** An Arrow IPC stream. */
  ARROW("application/vnd.apache.arrow.stream");

  private final String mediaType;

  RowFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** Returns the media type that we answer with. */
  public String mediaType() {
    return mediaType;
  }

  /** Returns the format of a media type, whose parameters are ignored. */
  public static Optional<RowFormat> ofMediaType(String mediaType) {
    int parameters = mediaType.indexOf(';');
    String bare = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    return switch (bare.strip().toLowerCase(Locale.ROOT)) {
      case "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines" ->
          Optional.of(JSON_LINES);
      case "application/json" -> Optional.of(JSON_ARRAY);
      case "text/csv", "application/csv" -> Optional.of(CSV);
      case "application/vnd.apache.arrow.stream" -> Optional.of(ARROW);
      default -> Optional.empty();
    };
  }
}
