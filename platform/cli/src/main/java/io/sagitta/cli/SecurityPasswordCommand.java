package io.sagitta.cli;

import io.sagitta.identity.IdentityException;
import io.sagitta.identity.Logins;
import io.sagitta.identity.PasswordHash;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta security password}: gives a person a password, or takes it away. */
@Command(
    name = "password",
    description = {
      "Gives a person of the policy a password to log in with, or takes it away.",
      "Asks on the terminal without showing it; without a terminal, reads a line of standard input.",
      "FILE is what control's file calls 'security: {logins: FILE}', and holds Argon2id hashes.",
      "Control goes by it at once. Run this as control's user, where control runs."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta security password ada --logins /etc/sagitta/control/logins",
      "  sagitta security password ada --logins /etc/sagitta/control/logins --remove",
    })
final class SecurityPasswordCommand implements Callable<Integer> {
  // What OWASP ASVS 5 recommends where there is no second factor (6.2.1), and more than enough
  // (6.2.9).
  private static final int LEAST = 15;
  private static final int MOST = 256;

  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "NAME", description = "The person, as security/ names them.")
  private String name = "";

  @Option(
      names = "--logins",
      required = true,
      paramLabel = "FILE",
      description = "Where control keeps the passwords; made if it is not there.")
  private Path file = Path.of("logins");

  @Option(names = "--remove", description = "Take the password away.")
  private boolean remove;

  SecurityPasswordCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
      throw CommandFailure.usage(
          "NAME is no name of a person: small letters, digits and '-', beginning with a letter.");
    }
    try {
      if (remove && !Logins.remove(file, name)) {
        throw CommandFailure.usage(name + " has no password in " + file + ".");
      } else if (!remove) {
        char[] password = asked();
        Logins.put(file, name, PasswordHash.of(password));
        Arrays.fill(password, ' ');
      }
    } catch (IdentityException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    }
    if (common.json()) {
      shell.out().println(Json.pretty(Json.object().put("name", name).put("password", !remove)));
    } else {
      shell.out().println(name + (remove ? " can no longer log in." : " can log in."));
    }
    return ExitCodes.OK;
  }

  private char[] asked() {
    Optional<Console> console =
        shell.terminal() ? Optional.ofNullable(System.console()) : Optional.empty();
    char[] password = console.isPresent() ? twice(console.get()) : line();
    if (password.length < LEAST || password.length > MOST) {
      throw CommandFailure.usage(
          "A password has %d to %d characters: several words, for example.".formatted(LEAST, MOST));
    }
    return password;
  }

  private static char[] twice(Console console) {
    char[] first = console.readPassword("Password: ");
    char[] second = console.readPassword("Once more: ");
    if (first == null || !Arrays.equals(first, second)) {
      throw CommandFailure.usage("These were two different passwords; nothing changed.");
    }
    return first;
  }

  private char[] line() {
    try {
      String line = shell.in().readLine();
      return line == null ? new char[0] : line.toCharArray();
    } catch (IOException e) {
      throw CommandFailure.failed("Standard input cannot be read: " + e.getMessage());
    }
  }
}
