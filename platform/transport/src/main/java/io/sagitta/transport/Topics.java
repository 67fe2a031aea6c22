package io.sagitta.transport;

/** Names of topics: the one place that knows them. */
public final class Topics {
  /** Desired state: one message a pipeline, compacted by its id. */
  public static final String DEPLOYMENTS = "persistent://sagitta/system/deployments";

  /** What tasks report: one message a task, compacted. */
  public static final String STATUS = "persistent://sagitta/system/status";

  /** Notable events of pipelines, in order. */
  public static final String EVENTS = "persistent://sagitta/history/events";

  /** Requests of samples, compacted by id. */
  public static final String TAPS = "persistent://sagitta/system/taps";

  /** The policy in force: one message, compacted, that control alone may write. */
  public static final String POLICY = "persistent://sagitta/system/policy";

  /** Pipelines that have more waiting than they may: one message each, compacted by id. */
  public static final String BACKPRESSURE = "persistent://sagitta/system/backpressure";

  /** Tenants whose topics keep more than they may: one message each, compacted by tenant. */
  public static final String STORAGE_HOLDS = "persistent://sagitta/system/storage-holds";

  private Topics() {}

  /** Returns the topic that ingest publishes into. */
  public static String source(PipelineId pipeline, String source) {
    return of(pipeline, "in." + source);
  }

  /** Returns the log of the reader that feeds a pull source. */
  public static String feed(PipelineId pipeline, String source) {
    return of(pipeline, "feed." + source);
  }

  /** Returns the topic in front of a keyed or windowed stage. */
  public static String exchange(PipelineId pipeline, String stage) {
    return of(pipeline, "x." + stage);
  }

  /** Returns the journal of a chain's tasks. */
  public static String journal(PipelineId pipeline, String chain) {
    return of(pipeline, "journal." + chain);
  }

  /** Returns the topic of a published result. */
  public static String stream(PipelineId pipeline, String stream) {
    return of(pipeline, "out." + stream);
  }

  /** Returns the topic of a stream written as {@code tenant/pipeline/stream}. */
  public static String stream(String stream) {
    int slash = stream.lastIndexOf('/');
    return stream(PipelineId.parse(stream.substring(0, slash)), stream.substring(slash + 1));
  }

  /** Returns the topic of a table's snapshots. */
  public static String table(PipelineId pipeline, String table) {
    return of(pipeline, "table." + table);
  }

  /** Returns the pipeline's dead-letter queue. */
  public static String quarantine(PipelineId pipeline) {
    return of(pipeline, "quarantine");
  }

  /** Returns the log of the rows that went back from quarantine to their sources. */
  public static String replays(PipelineId pipeline) {
    return of(pipeline, "replays");
  }

  /** Returns a temporary topic for samples. */
  public static String tap(PipelineId pipeline, String id) {
    return "non-persistent://" + pipeline.namespace() + "/tap." + id;
  }

  /** Returns partition {@code partition} of {@code topic}. */
  public static String partition(String topic, int partition) {
    return topic + "-partition-" + partition;
  }

  private static String of(PipelineId pipeline, String local) {
    return "persistent://" + pipeline.namespace() + "/" + local;
  }
}
