package io.sagitta.engine;

import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of rows in quarantine. */
public final class Quarantine {
  /** Source or stage where the row failed; utf8. */
  public static final String STAGE = "stage";

  /** Why, such as {@code late} or the name of an expectation; utf8. */
  public static final String REASON = "reason";

  /** What exactly was wrong, for people; utf8, may be null. */
  public static final String DETAIL = "detail";

  /** The row as a JSON object, if it could be read; utf8, may be null. */
  public static final String ROW = "row";

  /** The bytes as they came, if the row could not be read; binary, may be null. */
  public static final String RAW = "raw";

  /** The row's event time, if it has one; timestamp in microseconds UTC, may be null. */
  public static final String EVENT_TIME = "event_time";

  /** The schema of every batch of rows in quarantine. */
  public static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable(STAGE, ArrowType.Utf8.INSTANCE),
              Field.notNullable(REASON, ArrowType.Utf8.INSTANCE),
              Field.nullable(DETAIL, ArrowType.Utf8.INSTANCE),
              Field.nullable(ROW, ArrowType.Utf8.INSTANCE),
              Field.nullable(RAW, ArrowType.Binary.INSTANCE),
              Field.nullable(EVENT_TIME, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))));

  /** Reason of a row on whose values a query fails. The detail may quote any row of its window. */
  public static final String ERROR = "error";

  private Quarantine() {}
}
