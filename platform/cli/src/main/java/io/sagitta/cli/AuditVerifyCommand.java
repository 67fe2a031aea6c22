package io.sagitta.cli;

import io.sagitta.service.audit.AuditFolder;
import io.sagitta.service.audit.AuditHead;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sagitta audit verify}: whether a log is as it was written. */
@Command(
    name = "verify",
    description = {
      "Checks that no record was changed, taken out, put in or moved, and that the end is there.",
      "Who can write all files of the log can write all of it anew, head and all: keep the heads",
      "that this prints elsewhere, and give one back with --head.",
      "A record that is being written meanwhile is no problem: run it again."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta audit verify /var/lib/sagitta/control/audit --head 42:9f86d081...")
final class AuditVerifyCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final AuditLogParameter log = new AuditLogParameter();

  @Option(
      names = "--head",
      paramLabel = "N:HASH",
      description = "A head that was kept, which must be among the records.")
  private @Nullable String head;

  AuditVerifyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Optional<AuditHead> kept = Optional.ofNullable(head).map(AuditVerifyCommand::parse);
    AuditFolder.Report report = log.read(folder -> folder.verify(kept));
    boolean sound = report.problems().isEmpty();
    String end = report.head().map(AuditHead::toString).orElse("");
    if (common.json()) {
      shell
          .out()
          .println(
              Json.pretty(
                  Json.object()
                      .put("sound", sound)
                      .put("records", report.records())
                      .put("first", report.first())
                      .put("head", end)
                      .set("problems", Json.array(report.problems()))));
    } else {
      report.problems().forEach(problem -> shell.out().println(problem));
      String words = ProblemReport.counted(report.records(), "record");
      shell
          .out()
          .println(
              sound
                  ? shell.styled("@|green sound|@: ")
                      + words
                      + (end.isEmpty() ? "" : ", head " + end)
                  : shell.styled("@|bold,red broken|@: ") + words);
      if (report.first() > 1) {
        shell.out().println("Records before " + report.first() + " are not here.");
      }
    }
    return sound ? ExitCodes.OK : ExitCodes.REFUSED;
  }

  private static AuditHead parse(String text) {
    return AuditHead.parse(text)
        .orElseThrow(
            () ->
                CommandFailure.usage("'" + text + "' is no head; write it as verify printed it."));
  }
}
