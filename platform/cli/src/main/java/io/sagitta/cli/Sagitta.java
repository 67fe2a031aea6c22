package io.sagitta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code sagitta} command: declares, tests, applies and watches data pipelines. */
@Command(
    name = "sagitta",
    description = "Runs data pipelines that are declared in versioned YAML files.",
    mixinStandardHelpOptions = true,
    versionProvider = Sagitta.Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and nothing is wrong",
      "1:problems were found, or control refused",
      "2:the command line is wrong, or names a file that is not there",
      "3:control cannot be reached",
      "4:something else failed",
    })
public final class Sagitta {
  private Sagitta() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    quietenLibraries();
    System.exit(run(Shell.ofProcess(), args));
  }

  /** Keeps libraries from logging into the command's output; before any of them is loaded. */
  private static void quietenLibraries() {
    setDefault("slf4j.internal.verbosity", "ERROR");
    setDefault("logback.configurationFile", "io/sagitta/cli/logback.xml");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Runs one command and returns its exit code. */
  static int run(Shell shell, String... args) {
    CommandLine line = new CommandLine(new Sagitta());
    for (Callable<Integer> command : commands(shell)) {
      CommandLine below = new CommandLine(command);
      line.addSubcommand(below);
      if (command instanceof CommandGroup parent) {
        parent.commands().forEach(below::addSubcommand);
      }
    }
    line.setOut(shell.out())
        .setErr(shell.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                shell.terminal() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setExecutionExceptionHandler((e, failed, parsed) -> explain(shell, e, failed))
        .setParameterExceptionHandler((e, given) -> explainUsage(shell, e));
    int exitCode = args.length == 0 ? usage(line) : line.execute(args);
    shell.out().flush();
    shell.err().flush();
    return exitCode;
  }

  /** The commands, in the order in which a pipeline's author meets them. */
  private static List<Callable<Integer>> commands(Shell shell) {
    return List.of(
        new DemoCommand(shell),
        new ValidateCommand(shell),
        new SchemaCommand(shell),
        new TestCommand(shell),
        new RunCommand(shell),
        new PlanCommand(shell),
        new ApplyCommand(shell),
        new RollbackCommand(shell),
        new StatusCommand(shell),
        new LogsCommand(shell),
        new TapCommand(shell),
        new QuarantineCommand(shell),
        new PauseCommand(shell),
        new ResumeCommand(shell),
        new DeleteCommand(shell),
        new SecurityCommand(shell),
        new AuditCommand(shell),
        new TortureCommand(shell));
  }

  private static int usage(CommandLine line) {
    line.usage(line.getErr());
    return ExitCodes.USAGE;
  }

  private static int explainUsage(Shell shell, ParameterException e) {
    shell.err().println(shell.styled("@|bold,red error:|@ ") + e.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(e, shell.err())) {
      shell
          .err()
          .println("See '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCodes.USAGE;
  }

  private static int explain(Shell shell, Exception e, CommandLine failed) {
    boolean json = given(failed, "--json");
    boolean debug = given(failed, "--debug");
    CommandFailure failure =
        e instanceof CommandFailure known ? known : CommandFailure.failed(unexpected(e, debug));
    if (json) {
      shell.out().println(Json.pretty(asJson(failure)));
    } else {
      shell.err().println(shell.styled("@|bold,red error:|@ ") + failure.getMessage());
      failure.details().forEach(d -> shell.err().println("  " + d));
    }
    if (debug) {
      e.printStackTrace(shell.err());
    }
    return failure.exitCode();
  }

  private static String unexpected(Exception e, boolean debug) {
    String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return debug ? what : what + " (--debug shows where)";
  }

  private static Object asJson(CommandFailure failure) {
    return Json.object()
        .put("error", failure.getMessage())
        .put("exitCode", failure.exitCode())
        .set("details", Json.array(failure.details()));
  }

  private static boolean given(CommandLine command, String option) {
    return command.getParseResult() != null && command.getParseResult().hasMatchedOption(option);
  }

  /** Knows the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Sagitta.class.getPackage().getImplementationVersion();
      return new String[] {"sagitta " + (version == null ? "(not packaged)" : version)};
    }
  }
}
