package io.sagitta.definition;

import java.util.List;
import java.util.Optional;

/**
 * Rows of files.
 *
 * @param path a file, a folder or a glob
 * @param format how the files are written
 * @param follow whether files that appear later are read too (streaming only)
 */
public record FileSource(
    String path,
    Format format,
    boolean follow,
    Schema schema,
    Optional<EventTime> eventTime,
    List<String> key)
    implements Source {
  public FileSource {
    key = List.copyOf(key);
  }
}
