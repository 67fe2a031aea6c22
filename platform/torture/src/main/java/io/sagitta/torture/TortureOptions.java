package io.sagitta.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run does.
 *
 * @param seed from which everything that is drawn by lot follows
 * @param duration how long rows are fed at least; each fault comes once however long that takes
 * @param faults what may be injected
 * @param shapes names of the pipelines
 * @param nodes how many nodes there are
 * @param parallelism of every pipeline
 * @param rowsPerSecond into each source
 * @param patience how long a pipeline may take to come to rest at the end
 * @param folder where everything is kept
 * @param environment more environment variables of the roles
 */
public record TortureOptions(
    long seed,
    Duration duration,
    Set<FaultKind> faults,
    List<String> shapes,
    int nodes,
    int parallelism,
    int rowsPerSecond,
    Duration patience,
    Path folder,
    Map<String, String> environment) {
  public TortureOptions {
    faults = Set.copyOf(faults);
    shapes = List.copyOf(shapes);
    folder = folder.toAbsolutePath();
    environment = Map.copyOf(environment);
    if (nodes < 1 || parallelism < 1 || rowsPerSecond < 1) {
      throw new IllegalArgumentException("Nodes, parallelism and rows per second start at 1");
    }
  }

  /** Returns the names of all shapes. */
  public static List<String> allShapes() {
    return Shapes.ALL.stream().map(Shape::name).toList();
  }
}
