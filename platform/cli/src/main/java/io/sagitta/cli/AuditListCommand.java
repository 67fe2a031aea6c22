package io.sagitta.cli;

import io.sagitta.service.audit.AuditEvent;
import io.sagitta.service.audit.AuditRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sagitta audit list}: the newest records, for people. */
@Command(
    name = "list",
    description = "Prints the newest records of an audit log, oldest first.",
    footerHeading = "%nExample:%n",
    footer = "  sagitta audit list /var/lib/sagitta/control/audit --who subject.ada --denied")
final class AuditListCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final AuditLogParameter log = new AuditLogParameter();

  @Option(names = "--who", paramLabel = "IDENTITY", description = "Only of this one.")
  private @Nullable String who;

  @Option(names = "--denied", description = "Only what was denied.")
  private boolean denied;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  AuditListCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Deque<AuditRecord> newest = new ArrayDeque<>();
    log.read(
        folder -> {
          folder.read(
              line -> AuditRecord.parse(line).filter(this::wanted).ifPresent(r -> keep(newest, r)));
          return newest;
        });
    if (common.json()) {
      newest.forEach(record -> shell.out().println(Json.line(Json.tree(record))));
      return ExitCodes.OK;
    }
    TextTable table = new TextTable("N", "AT", "WHO", "FROM", "WHAT", "OUTCOME", "RULE");
    for (AuditRecord record : newest) {
      AuditEvent event = record.event();
      table.row(
          Long.toString(record.n()),
          record.at(),
          plain(event.who()),
          plain(event.from()),
          plain(event.action() + " " + event.object()),
          event.outcome() + (event.times() > 1 ? " x" + event.times() : ""),
          plain(event.rule()));
    }
    table.lines("").forEach(line -> shell.out().println(shell.styled(line)));
    return ExitCodes.OK;
  }

  private boolean wanted(AuditRecord record) {
    return (who == null || record.event().who().equals(who))
        && (!denied || record.event().outcome().equals(AuditEvent.DENIED));
  }

  private void keep(Deque<AuditRecord> newest, AuditRecord record) {
    newest.addLast(record);
    if (newest.size() > Math.max(1, limit)) {
      newest.removeFirst();
    }
  }

  /** Names come from callers; a terminal obeys control characters, and we do our own markup. */
  private static String plain(String text) {
    return text.replaceAll("\\p{C}", "?").replace("@|", "@ |");
  }
}
