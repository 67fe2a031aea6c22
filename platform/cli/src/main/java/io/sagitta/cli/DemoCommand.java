package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.cli.demo.DemoCheck;
import io.sagitta.cli.demo.Flights;
import io.sagitta.house.HouseException;
import io.sagitta.house.LocalHouse;
import io.sagitta.pulsar.LocalPulsarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sagitta demo}: a whole platform on this machine, with real flights through it. */
@Command(
    name = "demo",
    description = {
      "Starts a whole platform on this machine (Pulsar, control, gateway, node; loopback only),",
      "applies the pipelines of the demo and replays 300,000 real flights through them.",
      "Stays up until Ctrl-C; then everything it started is gone, and a later start goes on."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta demo",
      "  sagitta demo --once          compare the results with plain DuckDB, then end",
      "  sagitta demo --clean         forget what an earlier start left",
    })
final class DemoCommand implements Callable<Integer> {
  private static final String PIPELINE = "aviation/flights-on-time";
  private static final String MARKER = ".sagitta-demo";
  private static final long SETTLE_MILLIS = 120_000;

  private final Shell shell;
  private Shell screen;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final DemoPorts ports = new DemoPorts();

  @Option(
      names = "--once",
      description = "End after the replay: 0 if ledger and results are right to the row, else 1.")
  private boolean once;

  @Option(names = "--clean", description = "First forget what earlier starts left in --data.")
  private boolean clean;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept (default: .sagitta/demo beside the sagitta command).")
  private @Nullable Path data;

  DemoCommand(Shell shell) {
    this.shell = shell;
    this.screen = shell;
  }

  @Override
  public Integer call() throws Exception {
    screen = common.json() ? shell.withOutToErr() : shell;
    Path home = Path.of(System.getProperty("sagitta.home", "")).toAbsolutePath();
    Path folder = data == null ? home.resolve(".sagitta").resolve("demo") : data.toAbsolutePath();
    prepare(folder);
    CountDownLatch interrupted = new CountDownLatch(1);
    LocalHouse house =
        LocalHouse.locked(folder, ports.checked(), home.resolve("security"), Map.of());
    Thread cleanup = new Thread(() -> end(house, interrupted), "demo-end");
    Runtime.getRuntime().addShutdownHook(cleanup);
    try {
      start(house);
      DemoReplay replay = new DemoReplay(screen, house, PIPELINE);
      Path definitions = home.resolve("pipeline-defs").resolve("aviation");
      Flights flights = new Flights(definitions.resolve("data").resolve("flights.parquet"));
      replay.apply(definitions);
      replay.send(flights);
      JsonNode status = replay.settle(SETTLE_MILLIS);
      replay.showResults(status);
      if (once) {
        return check(replay, flights, definitions.resolve("data").resolve("airports.csv"), status);
      }
      say("@|bold Runs until Ctrl-C.|@");
      interrupted.await();
      return ExitCodes.OK;
    } catch (CommandFailure e) {
      if (interrupted.getCount() == 0) {
        return ExitCodes.OK;
      }
      throw e;
    } catch (HouseException | LocalPulsarException e) {
      if (interrupted.getCount() == 0) {
        return ExitCodes.OK;
      }
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    } finally {
      finish(house, cleanup);
    }
  }

  private void prepare(Path folder) throws IOException {
    if (clean && Files.exists(folder)) {
      if (!Files.exists(folder.resolve(MARKER))) {
        throw CommandFailure.usage(
            folder + " is no folder of an earlier demo; --clean removes nothing else.");
      }
      Folders.delete(folder);
    }
    Files.createDirectories(folder);
    if (!Files.exists(folder.resolve(MARKER))) {
      Files.createFile(folder.resolve(MARKER));
    }
  }

  private void start(LocalHouse house) throws InterruptedException {
    say("Sagitta's demo listens on loopback only, with TLS and its own throw-away authority;");
    say("who may what is in security/, and all that it keeps in " + house.data());
    say("Starting Pulsar …");
    house.startPulsar();
    say("Starting control, gateway and node …");
    house.startControl();
    house.startGateway();
    house.startNode();
    house.awaitReady();
  }

  private int check(DemoReplay replay, Flights flights, Path airports, JsonNode status)
      throws SQLException, InterruptedException {
    List<JsonNode> rows = new ArrayList<>();
    replay.readAll("punctuality", rows::add);
    DemoCheck check = DemoCheck.of(flights.answer(airports), status, rows);
    if (common.json()) {
      shell
          .out()
          .println(
              Json.pretty(
                  Json.object().put("equal", check.differences().isEmpty()).set("status", status)));
    }
    say("");
    say("@|bold Against one plain DuckDB query over the same file:|@");
    check.findings().forEach(line -> say("  " + line));
    if (check.differences().isEmpty()) {
      say("@|bold,green The ledger balances to the row and the results are equal.|@");
      return ExitCodes.OK;
    }
    say("@|bold,red Differences:|@");
    check.differences().forEach(line -> say("  " + line));
    return ExitCodes.REFUSED;
  }

  private void finish(LocalHouse house, Thread cleanup) {
    try {
      Runtime.getRuntime().removeShutdownHook(cleanup);
      say("Stopping everything …");
      house.close();
    } catch (IllegalStateException e) {
      // The process ends already: the hook does it.
    }
  }

  private void end(LocalHouse house, CountDownLatch interrupted) {
    shell.err().println();
    shell.err().println("Stopping everything …");
    shell.err().flush();
    interrupted.countDown();
    house.close();
  }

  private void say(String markup) {
    screen.out().println(screen.styled(markup));
    screen.out().flush();
  }
}
