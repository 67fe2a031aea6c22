package io.sagitta.transport;

/**
 * What a published stream's rows look like: a version that grows by one whenever its columns
 * change.
 *
 * @param version from 1
 * @param readableSince the oldest version whose readers can read this one: every column they know
 *     is still there, with its type
 * @param columns an Arrow schema, as Arrow's JSON
 */
public record StreamVersion(int version, int readableSince, String columns) {
  public StreamVersion {
    if (readableSince < 1 || version < readableSince) {
      throw new IllegalArgumentException(
          "No stream has version " + version + ", readable since " + readableSince);
    }
  }

  /** Returns whether readers of version {@code wanted} can read this one. */
  public boolean isReadableAs(int wanted) {
    return readableSince <= wanted && wanted <= version;
  }
}
