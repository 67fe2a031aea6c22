package io.sagitta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.DataType;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Field;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireSchemasTest {
  private static final Field DISTANCE =
      new Field("distance", DataType.of(DataType.Kind.INT32), Optional.of("mi"), true, true);
  private static final Field DATE =
      new Field("date", DataType.of(DataType.Kind.TIMESTAMP), Optional.empty(), false, false);

  @Test
  void of_eventTimeDeclared_carriesDeclaredColumnsOnly() {
    var source = source(Optional.of("date"), DISTANCE, DATE);
    assertThat(WireSchemas.of(source).getFields())
        .extracting(org.apache.arrow.vector.types.pojo.Field::getName)
        .containsExactly("distance", "date");
    assertThat(WireSchemas.of(source).findField("distance").getMetadata())
        .isEqualTo(Map.of("unit", "mi", "sensitive", "true"));
  }

  @Test
  void of_noEventTime_carriesArrivalLast() {
    assertThat(WireSchemas.of(source(Optional.empty(), DISTANCE)).getFields())
        .extracting(org.apache.arrow.vector.types.pojo.Field::getName)
        .containsExactly("distance", "event_time");
  }

  @Test
  void logical_fieldNamedEventTime_isMovedLast() {
    var eventTime = new Field("event_time", DATE.type(), Optional.empty(), false, false);
    assertThat(
            WireSchemas.logical(source(Optional.of("event_time"), eventTime, DISTANCE)).getFields())
        .extracting(org.apache.arrow.vector.types.pojo.Field::getName)
        .containsExactly("distance", "event_time");
  }

  private static HttpSource source(Optional<String> eventTime, Field... fields) {
    return new HttpSource(
        new Schema(List.of(fields)),
        eventTime.map(f -> new EventTime(f, Duration.ofMinutes(1), Optional.empty())),
        List.of());
  }
}
