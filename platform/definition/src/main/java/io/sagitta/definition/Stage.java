package io.sagitta.definition;

import io.sagitta.definition.options.Kinds;
import java.util.List;

/** One step of a pipeline: it reads its inputs' rows and makes rows. */
@Kinds(noun = "stage")
public sealed interface Stage permits CleanStage, DedupeStage, SqlStage {
  /** Names of sources and stages. */
  List<String> inputs();
}
