package io.sagitta.definition;

import java.util.List;

/** One pipeline file, read and checked as far as that goes without planning its SQL. */
public record PipelineDefinition(Metadata metadata, Spec spec, List<DefinitionTest> tests) {
  public PipelineDefinition {
    tests = List.copyOf(tests);
  }
}
