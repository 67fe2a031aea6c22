package io.sagitta.transport;

/**
 * The name of a pipeline in the platform.
 *
 * @param tenant the Pulsar tenant of its topics
 * @param name the namespace of its topics
 */
public record PipelineId(String tenant, String name) {

  /** Parses {@code tenant/name}. */
  public static PipelineId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no pipeline; write tenant/name, such as aviation/flights-on-time");
    }
    return new PipelineId(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Returns the namespace that holds the pipeline's topics. */
  public String namespace() {
    return tenant + "/" + name;
  }

  @Override
  public String toString() {
    return namespace();
  }
}
