package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {

  static List<String> commands() {
    return Outcome.of("--help")
        .out()
        .lines()
        .dropWhile(l -> !l.equals("Commands:"))
        .skip(1)
        .takeWhile(l -> l.startsWith("  "))
        .filter(l -> l.matches("  [a-z]+ .*"))
        .map(l -> l.strip().split(" ")[0])
        .toList();
  }

  @Test
  void help_listsCommandsAndExitCodes() {
    Outcome outcome = Outcome.of("--help");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out()).contains("Exit codes:", "3   control cannot be reached");
    assertThat(commands())
        .contains("status", "logs", "tap", "pause", "resume", "delete", "rollback");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpOfCommand_showsAnExampleJsonAndExitCodes(String command) {
    Outcome outcome = Outcome.of(command, "--help");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out())
        .containsPattern("Examples?:")
        .contains("  sagitta " + command, "--json", "Exit codes:");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void noArguments_showsUsageAndFails() {
    Outcome outcome = Outcome.of();
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("Usage: sagitta");
  }

  @Test
  void misspeltCommand_isSuggested() {
    Outcome outcome = Outcome.of("statsu");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("Unmatched argument", "Did you mean", "sagitta status");
  }

  @Test
  void missingArgument_isOneLineAndUsage() {
    Outcome outcome = Outcome.of("pause");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err())
        .isEqualToNormalizingNewlines(
            "error: Missing required parameter: 'PIPELINE'\nSee 'sagitta pause --help'.\n");
  }

  @Test
  void controlNotThere_saysSoWithItsOwnCode() {
    Outcome outcome = Outcome.of("status", "--control", "http://127.0.0.1:1");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
    assertThat(outcome.err())
        .contains("Cannot reach control at http://127.0.0.1:1 (connection refused)")
        .doesNotContain("\tat ");
  }

  @Test
  void controlNoUrl_isUsage() {
    Outcome outcome = Outcome.of("status", "--control", "nowhere");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("'nowhere' is no URL of control");
  }
}
