package io.sagitta.engine.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.StepResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The rows that stages made and refused during a test, as JSON values. */
final class TestResults {
  /** Name of the sink under which a stage's rows come out. */
  static final String ROWS = "test";

  /** The name under which late rows are found. */
  static final String LATE = "late";

  /** The name under which all other refused rows are found. */
  static final String QUARANTINED = "quarantined";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, List<Map<String, JsonNode>>> byName = new HashMap<>();

  /** Adds what a step made; it stays the caller's. */
  void add(StepResult result) {
    for (StepResult.Emission emission : result.emissions()) {
      if (emission.output() instanceof Chain.Output.ToSink sink && sink.sink().equals(ROWS)) {
        rows(emission.rows()).forEach(row -> add(sink.from(), row));
      }
    }
    result.quarantined().ifPresent(refused -> rows(refused).forEach(this::refused));
  }

  private void refused(Map<String, JsonNode> refused) {
    Map<String, JsonNode> row = new LinkedHashMap<>(refused);
    JsonNode json = row.remove(Quarantine.ROW);
    if (json != null && json.isTextual()) {
      object(json.asText()).forEach(row::putIfAbsent);
    }
    boolean isLate =
        row.getOrDefault(Quarantine.REASON, JSON.nullNode()).asText().equals(QuarantineBuffer.LATE);
    add(isLate ? LATE : QUARANTINED, row);
  }

  private void add(String name, Map<String, JsonNode> row) {
    byName.computeIfAbsent(name, n -> new ArrayList<>()).add(row);
  }

  private static List<Map<String, JsonNode>> rows(VectorSchemaRoot batch) {
    List<Map<String, JsonNode>> rows = new ArrayList<>();
    for (int i = 0; i < batch.getRowCount(); i++) {
      rows.add(object(JsonRows.all(batch, i)));
    }
    return rows;
  }

  private static Map<String, JsonNode> object(String json) {
    Map<String, JsonNode> object = new LinkedHashMap<>();
    try {
      JSON.readTree(json).properties().forEach(e -> object.put(e.getKey(), e.getValue()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A row that was written cannot be read: " + json, e);
    }
    return object;
  }

  /** Returns the rows of {@code stage}, or the late or quarantined ones, in order. */
  List<Map<String, JsonNode>> of(String stage) {
    return byName.getOrDefault(stage, List.of());
  }
}
