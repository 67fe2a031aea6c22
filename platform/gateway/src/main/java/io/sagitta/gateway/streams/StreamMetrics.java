package io.sagitta.gateway.streams;

import io.sagitta.service.Metrics;
import io.sagitta.transport.PipelineId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.vector.VectorSchemaRoot;

/** What reading streams counts. */
final class StreamMetrics {
  private final Metrics.Counter rows;
  private final Metrics.Gauge sockets;
  private final Map<PipelineId, Set<String>> seen = new ConcurrentHashMap<>();

  StreamMetrics(Metrics metrics, Scans scans, LatestViews views) {
    rows =
        metrics.counter(
            "sagitta_served_rows_total", "Rows given to clients.", "tenant", "pipeline", "stream");
    sockets = metrics.gauge("sagitta_websockets", "Open WebSockets.");
    metrics.gauge("sagitta_stream_readers", "Partitions being read.").follow(scans::readersInUse);
    metrics
        .gauge("sagitta_latest_views", "Streams whose latest rows are kept.")
        .follow(views::count);
  }

  void served(StreamRef stream, List<VectorSchemaRoot> batches) {
    seen.computeIfAbsent(stream.pipeline().id(), id -> ConcurrentHashMap.newKeySet())
        .add(stream.name());
    rows.add(
        batches.stream().mapToInt(VectorSchemaRoot::getRowCount).sum(),
        stream.pipeline().id().tenant(),
        stream.pipeline().id().name(),
        stream.name());
  }

  /** Forgets a pipeline. */
  void forget(PipelineId pipeline) {
    Set<String> streams = seen.remove(pipeline);
    if (streams != null) {
      streams.forEach(stream -> rows.remove(pipeline.tenant(), pipeline.name(), stream));
    }
  }

  void opened() {
    sockets.add(1);
  }

  void closed() {
    sockets.add(-1);
  }
}
