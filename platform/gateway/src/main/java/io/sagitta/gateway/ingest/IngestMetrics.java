package io.sagitta.gateway.ingest;

import io.sagitta.service.Metrics;
import io.sagitta.transport.PipelineId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What ingest counts, by source. */
final class IngestMetrics {
  private final Metrics.Counter rows;
  private final Metrics.Counter bytes;
  private final Metrics.Counter duplicates;
  private final Map<PipelineId, Set<String>> seen = new ConcurrentHashMap<>();

  IngestMetrics(Metrics metrics, MemoryBudget budget) {
    rows =
        metrics.counter(
            "sagitta_ingest_rows_total",
            "Rows that Pulsar has, by what became of them.",
            "tenant",
            "pipeline",
            "source",
            "result");
    bytes =
        metrics.counter(
            "sagitta_ingest_bytes_total",
            "Bytes of bodies received, unpacked.",
            "tenant",
            "pipeline",
            "source");
    duplicates =
        metrics.counter(
            "sagitta_ingest_duplicate_requests_total",
            "Numbered requests that came again.",
            "tenant",
            "pipeline",
            "source");
    metrics
        .gauge("sagitta_ingest_memory_bytes", "Held by requests under way.")
        .follow(budget::usedBytes);
  }

  /** Forgets a pipeline. */
  void forget(PipelineId pipeline) {
    Set<String> sources = seen.remove(pipeline);
    if (sources != null) {
      for (String source : sources) {
        rows.remove(pipeline.tenant(), pipeline.name(), source, "accepted");
        rows.remove(pipeline.tenant(), pipeline.name(), source, "rejected");
        bytes.remove(pipeline.tenant(), pipeline.name(), source);
        duplicates.remove(pipeline.tenant(), pipeline.name(), source);
      }
    }
  }

  void received(Ingest.Target target, int bodyBytes) {
    seen.computeIfAbsent(target.pipeline().id(), id -> ConcurrentHashMap.newKeySet())
        .add(target.name());
    bytes.add(
        bodyBytes, target.pipeline().id().tenant(), target.pipeline().id().name(), target.name());
  }

  void taken(Ingest.Target target, Ingest.Outcome outcome) {
    String tenant = target.pipeline().id().tenant();
    String pipeline = target.pipeline().id().name();
    if (outcome.duplicate()) {
      duplicates.add(1, tenant, pipeline, target.name());
    } else {
      rows.add((double) outcome.accepted(), tenant, pipeline, target.name(), "accepted");
      rows.add((double) outcome.rejected(), tenant, pipeline, target.name(), "rejected");
    }
  }
}
