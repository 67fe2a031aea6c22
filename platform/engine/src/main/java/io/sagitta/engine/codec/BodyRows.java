package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import io.sagitta.definition.Field;
import io.sagitta.definition.Source;
import io.sagitta.engine.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The rows of one body while it is read: a row is begun, its columns are set, and then it is kept,
 * rejected with all that is wrong with it, or begun anew.
 */
final class BodyRows {
  private static final int MAX_IGNORED_NAMES = 16;
  private static final int ABSENT = -1;

  private final Source source;
  private final RowDecoder.Limits limits;
  private final long arrivalMicros;
  private final List<Field> fields;
  private final RowColumn[] columns;
  private final boolean[] required;
  private final int eventTime; // which column; ABSENT if it is the arrival
  private final Map<String, Integer> indexOf = new HashMap<>();
  private final Rejects rejects;
  private final Set<String> ignored = new LinkedHashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private int capacity;
  private int rows;

  private record Problem(int column, RejectReason reason, String detail) {}

  BodyRows(String name, Source source, RowDecoder.Limits limits, long arrivalMicros, int capacity) {
    this.source = source;
    this.limits = limits;
    this.arrivalMicros = arrivalMicros;
    this.capacity = capacity;
    fields = source.schema().fields();
    columns = new RowColumn[fields.size()];
    required = new boolean[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new RowColumn(fields.get(i).type(), capacity);
      required[i] = fields.get(i).required();
      indexOf.put(fields.get(i).name(), i);
    }
    eventTime = source.eventTime().map(time -> column(time.field())).orElse(ABSENT);
    if (eventTime != ABSENT) {
      required[eventTime] = true;
    }
    rejects = new Rejects(name, limits.rejects());
  }

  /** Returns which column has a name; negative if none. */
  int column(String name) {
    return indexOf.getOrDefault(name, ABSENT);
  }

  RowColumn[] columns() {
    return columns;
  }

  List<Field> fields() {
    return fields;
  }

  RowDecoder.Limits limits() {
    return limits;
  }

  /** Returns whether rows without a value in a column are rejected. */
  boolean isRequired(int column) {
    return required[column];
  }

  /** Begins a row, in place of one that was begun but not kept. Columns have arbitrary values. */
  int begin() {
    if (rows == capacity) {
      if (rows >= limits.rows()) {
        throw new BadDataException(
            "The body has over " + limits.rows() + " rows; send it in several");
      }
      capacity = Math.min(capacity + capacity / 2 + 16, limits.rows());
      for (RowColumn column : columns) {
        column.resize(capacity);
      }
    }
    return rows;
  }

  /** Begins a row of which everything is NULL and nothing is wrong. */
  int beginEmpty() {
    int row = begin();
    problems.clear();
    for (RowColumn column : columns) {
      column.setNull(row);
    }
    return row;
  }

  /** Keeps the row that was begun, unless a required value is missing. */
  boolean keep() {
    for (int i = 0; i < columns.length; i++) {
      if (required[i] && !columns[i].isValid(rows)) {
        return false;
      }
    }
    rows++;
    return true;
  }

  /** Notes what became of a value; a value that replaces another replaces its problem. */
  void note(int column, RowColumn.Verdict verdict, byte[] value, int from, int to) {
    problems.removeIf(problem -> problem.column() == column);
    if (verdict == RowColumn.Verdict.OK) {
      return;
    }
    columns[column].setNull(rows);
    String shown = fields.get(column).sensitive() ? "the value" : ValueWords.shown(value, from, to);
    boolean type = verdict == RowColumn.Verdict.WRONG_TYPE;
    problems.add(
        new Problem(
            column,
            type ? RejectReason.WRONG_TYPE : RejectReason.OUT_OF_RANGE,
            type
                ? shown + " is not " + ValueWords.expected(fields.get(column).type())
                : shown + " does not fit " + fields.get(column).type()));
  }

  /**
   * Keeps the row that was begun, or rejects it.
   *
   * @param place where it came from, such as {@code line 3}
   * @param json the row as a JSON object
   */
  void complete(String place, Supplier<byte[]> json) {
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      if (required[i]
          && !columns[i].isValid(rows)
          && problems.stream().noneMatch(problem -> problem.column() == column)) {
        problems.add(new Problem(i, RejectReason.MISSING_REQUIRED, "has no value, which it needs"));
      }
    }
    if (problems.isEmpty()) {
      rows++;
      return;
    }
    problems.sort(Comparator.comparingInt(Problem::column));
    StringBuilder detail = new StringBuilder(place);
    String separator = ": ";
    for (Problem problem : problems) {
      detail.append(separator).append("column ").append(fields.get(problem.column()).name());
      detail.append(problem.reason() == RejectReason.MISSING_REQUIRED ? " " : ": ");
      detail.append(problem.detail());
      separator = "; ";
    }
    Problem first = problems.get(0);
    RejectReason reason =
        first.column() == eventTime ? RejectReason.BAD_EVENT_TIME : first.reason();
    rejects.addRow(reason, detail.toString(), json.get(), eventTimeOfRow());
  }

  /** Rejects bytes that are no row. */
  void rejectRaw(RejectReason reason, String detail, byte[] body, int from, int to) {
    rejects.addRaw(reason, detail, body, from, to);
  }

  /** Notes a name that the source does not have; the first few are reported. */
  void ignore(byte[] b, int from, int to) {
    if (ignored.size() < MAX_IGNORED_NAMES) {
      ignored.add(new String(b, from, to - from, StandardCharsets.UTF_8));
    }
  }

  private OptionalLong eventTimeOfRow() {
    if (eventTime == ABSENT) {
      return OptionalLong.of(arrivalMicros);
    }
    return columns[eventTime].isValid(rows)
        ? OptionalLong.of(columns[eventTime].value(rows))
        : OptionalLong.empty();
  }

  /** Makes the batches, owned by the caller. */
  RowDecoder.Decoded finish(BufferAllocator allocator) {
    Schema schema = WireSchemas.of(source);
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (int i = 0; i < columns.length; i++) {
        vectors.add(columns[i].finish(schema.getFields().get(i), rows, allocator));
      }
      if (eventTime == ABSENT) {
        vectors.add(arrival(schema.getFields().get(columns.length), allocator));
      }
      return new RowDecoder.Decoded(
          new VectorSchemaRoot(schema, vectors, rows),
          rejects.finish(allocator),
          List.copyOf(ignored));
    } catch (RuntimeException | OutOfMemoryError e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private FieldVector arrival(
      org.apache.arrow.vector.types.pojo.Field field, BufferAllocator allocator) {
    RowColumn column = new RowColumn(DataType.of(DataType.Kind.TIMESTAMP), rows);
    for (int row = 0; row < rows; row++) {
      column.setMicros(row, arrivalMicros);
    }
    return column.finish(field, rows, allocator);
  }
}
