package io.sagitta.node;

import io.sagitta.engine.Counts;
import io.sagitta.service.Metrics;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.TaskStatus;
import java.util.HashMap;
import java.util.Map;

/** The ledger of this node's tasks as Prometheus counters. One thread feeds it. */
final class NodeMetrics {
  private final Metrics.Counter rows;
  private final Metrics.Gauge watermark;
  private final Metrics.Counter stalls;
  private final Map<String, Counts> seen = new HashMap<>();

  NodeMetrics(Metrics metrics) {
    rows =
        metrics.counter(
            "sagitta_stage_rows_total",
            "Rows by what became of them",
            "tenant",
            "pipeline",
            "stage",
            "direction");
    watermark =
        metrics.gauge(
            "sagitta_watermark_timestamp_seconds",
            "Event time up to which a chain is complete, seconds since 1970",
            "tenant",
            "pipeline",
            "chain",
            "partition");
    stalls =
        metrics.counter(
            "sagitta_task_stalls_total",
            "Tasks that did not move and were given up",
            "tenant",
            "pipeline");
  }

  /** Counts a task of {@code pipeline} that was given up. */
  void stalled(PipelineId pipeline) {
    stalls.add(1, pipeline.tenant(), pipeline.name());
  }

  /** Adds what {@code status} has beyond the last status of the same task here. */
  void observe(TaskStatus status) {
    status
        .counts()
        .forEach(
            (stage, now) -> {
              Counts before = seen.getOrDefault(status.key() + "/" + stage, now);
              seen.put(status.key() + "/" + stage, now);
              add(status, stage, "in", now.in() - before.in());
              add(status, stage, "out", now.out() - before.out());
              add(status, stage, "filtered", now.filtered() - before.filtered());
              add(status, stage, "duplicate", now.duplicates() - before.duplicates());
              add(status, stage, "quarantined", now.quarantined() - before.quarantined());
              add(status, stage, "late", now.late() - before.late());
            });
    if (status.progress().watermarkMicros() > Long.MIN_VALUE) {
      watermark.set(
          (double) status.progress().watermarkMicros() / 1e6,
          status.tenant(),
          status.pipeline(),
          status.chain(),
          Integer.toString(status.partition()));
    }
  }

  private void add(TaskStatus status, String stage, String direction, long more) {
    if (more > 0) {
      rows.add((double) more, status.tenant(), status.pipeline(), stage, direction);
    }
  }
}
