package io.sagitta.definition;

import io.sagitta.definition.options.Binder;
import io.sagitta.definition.options.Shape;
import io.sagitta.definition.options.Shapes;
import io.sagitta.definition.yaml.Complaint;
import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlDocument;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlReader;
import io.sagitta.definition.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads pipeline files: text becomes a definition, or all that is wrong with it. It trusts no byte
 * of a file, plans no SQL, opens nothing else, and never throws for what a file holds.
 */
public final class DefinitionReader {
  /** The version of the format that is read, as {@code apiVersion} says it. */
  public static final String API_VERSION = "sagitta/v1";

  private static final int MOST_YAML_PROBLEMS = 100;
  private static final Shape.Fixed SHAPE = Shapes.of(PipelineFile.class);

  private final String file;
  private final ProblemList problems;
  private final String environmentFile;
  private final Environment environment;

  private DefinitionReader(
      String file, ProblemList problems, String environmentFile, Environment environment) {
    this.environmentFile = environmentFile;
    this.file = file;
    this.problems = problems;
    this.environment = environment;
  }

  /** Reads the pipeline file {@code utf8}, which the user knows as {@code fileName}. */
  public static ReadResult read(String fileName, byte[] utf8) {
    return new DefinitionReader(fileName, new ProblemList(), "", Environment.NONE).read(utf8);
  }

  /**
   * Reads the pipeline file {@code utf8} as it is meant in the environment whose file is {@code
   * environmentUtf8}. Problems of both files are in the result.
   */
  public static ReadResult read(
      String fileName, byte[] utf8, String environmentFileName, byte[] environmentUtf8) {
    ProblemList problems = new ProblemList();
    Environment environment =
        EnvironmentReader.read(environmentFileName, environmentUtf8, problems)
            .orElse(Environment.BROKEN);
    return new DefinitionReader(fileName, problems, environmentFileName, environment).read(utf8);
  }

  private ReadResult read(byte[] utf8) {
    YamlDocument document = YamlReader.read(utf8);
    document.complaints().stream().limit(MOST_YAML_PROBLEMS).forEach(this::complain);
    if (document.root().isEmpty()) {
      return result(Optional.empty(), new Locations(file, Map.of()));
    }
    Locations locations = Locations.of(file, document.root().get(), document.source());
    if (!(document.root().get() instanceof YamlMapping root)) {
      complain(
          new Complaint(
              document.root().get().at(),
              "a definition starts with 'apiVersion: " + API_VERSION + "'"));
      return result(Optional.empty(), locations);
    }
    try {
      return result(definition(root, locations), locations);
    } catch (ProblemList.TooManyProblems e) {
      return result(Optional.empty(), locations);
    }
  }

  private Optional<PipelineDefinition> definition(YamlMapping root, Locations locations) {
    Params params = Params.of(root, environment, this::complain);
    params.misspelt(environment).forEach(c -> problems.addWarning(environmentFile, c));
    Binder binder = new Binder(params.references(), this::complain);
    Optional<PipelineFile> bound =
        binder.bind(SHAPE, root, "", Position.START).map(PipelineFile.class::cast);
    locations.replaced(params.references().replacements());
    Draft draft = new Draft(root, binder, locations, problems::add);
    check(draft, params);
    List<DefinitionTest> tests = tests(draft, root);
    return bound.map(
        file ->
            new PipelineDefinition(
                file.metadata(),
                file.spec()
                    .toSpec(
                        params.texts(), environment, BatchWindows.in(draft, file.spec().stages())),
                tests));
  }

  private static void check(Draft draft, Params params) {
    new GraphChecks(draft).check();
    new ColumnChecks(draft).check();
    new ModeChecks(draft).check();
    new OptionChecks(draft).check();
    params.warnOfUnused(draft);
  }

  private static List<DefinitionTest> tests(Draft draft, YamlMapping root) {
    List<DefinitionTest> tests = new ArrayList<>();
    TestReader reader = new TestReader(draft);
    int count =
        root.get("tests").map(n -> n instanceof YamlSequence s ? s.items().size() : 0).orElse(0);
    for (int i = 0; i < count; i++) {
      String path = "tests[" + i + "]";
      draft
          .value(path, PipelineFile.TestKeys.class)
          .ifPresent(keys -> tests.add(reader.read(keys, path)));
    }
    return tests;
  }

  private void complain(Complaint complaint) {
    problems.add(file, complaint);
  }

  private ReadResult result(Optional<PipelineDefinition> definition, Locations locations) {
    return new ReadResult(
        problems.hasErrors() ? Optional.empty() : definition, locations, problems.sorted());
  }
}
