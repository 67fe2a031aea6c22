package io.sagitta.definition;

import java.util.Locale;
import java.util.Optional;

/** How rows are written as bytes. */
public enum Format {
  CSV,
  JSON,
  PARQUET,
  ARROW;

  /** Returns the format that the ending of {@code path} tells of, compressed or not. */
  public static Optional<Format> fromText(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv" -> Optional.of(CSV);
      case "json", "jsonl", "ndjson" -> Optional.of(JSON);
      case "parquet" -> Optional.of(PARQUET);
      case "arrow", "arrows" -> Optional.of(ARROW);
      default -> Optional.empty();
    };
  }
}
