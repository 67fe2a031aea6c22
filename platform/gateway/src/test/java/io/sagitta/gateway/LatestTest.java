package io.sagitta.gateway;

import static io.sagitta.gateway.House.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.sagitta.gateway.OutTopic.Row;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.PipelineId;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The latest row of each key of a stream. */
final class LatestTest extends StreamsCase {
  LatestTest(LocalPulsar pulsar) throws Exception {
    super(pulsar, "latest");
  }

  @Test
  void latest_givesTheRowOfGreatestEventTimeOfEachKey() throws Exception {
    PipelineId pipeline = pipeline(2);
    assertThat(rows(json(get(pipeline, "/latest")))).isEmpty();
    publish(pipeline, 0, new Row("LAS", 1, 10), new Row("PHL", 2, 10));
    assertThat(rows(json(get(pipeline, "/latest"))))
        .containsExactlyInAnyOrder(texts(new Row("LAS", 1, 10), new Row("PHL", 2, 10)));
    publish(pipeline, 1, new Row("LAS", 3, 20), new Row("PHL", 4, 5), new Row("LAS", 5, 20));
    assertThat(rows(json(get(pipeline, "/latest"))))
        .containsExactlyInAnyOrder(texts(new Row("LAS", 5, 20), new Row("PHL", 2, 10)));
    assertThat(rows(json(get(pipeline, "/latest?origin=LAS"))))
        .containsExactly(new Row("LAS", 5, 20).json());
    assertThat(rows(json(get(pipeline, "/latest?limit=1")))).hasSize(1);
    assertProblem(get(pipeline, "/latest?cursor=x"), 400, "cursor");
    HttpResponse<String> csv =
        house.send(
            at(gateway, "/v1/streams/" + pipeline + "/out/latest?origin=PHL")
                .header("Accept", "text/csv"));
    assertThat(csv.body()).isEqualTo("origin,flights,event_time\nPHL,2,2001-01-01T00:00:10Z\n");
  }

  @Test
  void latest_manySmallMessages_areMergedAndStayRight() throws Exception {
    PipelineId pipeline = pipeline(1);
    for (int i = 0; i < 150; i++) {
      publish(pipeline, 0, new Row("K" + i % 10, i, i), new Row("L" + i, i, i));
    }
    List<String> latest = rows(json(get(pipeline, "/latest")));
    assertThat(latest).hasSize(160);
    for (int i = 140; i < 150; i++) {
      assertThat(latest)
          .contains(new Row("K" + i % 10, i, i).json(), new Row("L" + i, i, i).json());
    }
  }

  @Test
  void latest_moreThanTheBound_isRefusedClearly() throws Exception {
    PipelineId pipeline = pipeline(1);
    GatewayConfiguration small = house.configuration();
    small.streams().setViewMemory(DataSize.kibibytes(64));
    RunningRole other = house.gateway(small);
    for (int m = 0; m < 10; m++) {
      int from = m * 500;
      publish(
          pipeline,
          0,
          IntStream.range(from, from + 500)
              .mapToObj(i -> new Row("K" + i, i, i))
              .toArray(Row[]::new));
    }
    HttpResponse<String> reply = House.awaitReady(() -> get(other, pipeline, "/latest"));
    assertProblem(reply, 507, "viewMemory");
    assertThat(rows(json(get(other, pipeline, "/rows")))).hasSize(1000);
  }
}
