package io.sagitta.engine;

/**
 * How far one upstream task has come in event time.
 *
 * @param watermarkMicros no later row has an earlier event time; microseconds since 1970 UTC,
 *     {@link Long#MIN_VALUE} before the first row
 * @param seenMicros the greatest event time seen, {@link Long#MIN_VALUE} before the first row
 * @param activity whether more is to be expected
 */
public record Progress(long watermarkMicros, long seenMicros, Activity activity) {

  /** Progress before anything was seen. */
  public static final Progress NONE = new Progress(Long.MIN_VALUE, Long.MIN_VALUE, Activity.ACTIVE);

  /** Whether an upstream task is to be waited for. */
  public enum Activity {
    /** Rows may come; windows wait for its watermark. */
    ACTIVE,
    /** Silent for the source's {@code idle_after}; windows do not wait for it. */
    IDLE,
    /** Its input has ended; windows do not wait for it. */
    ENDED
  }
}
