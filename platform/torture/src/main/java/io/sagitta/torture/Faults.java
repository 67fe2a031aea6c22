package io.sagitta.torture;

import io.sagitta.house.Sandbox;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Does faults to an arena, one at a time, and undoes them. */
final class Faults implements AutoCloseable {
  private static final String REFUSAL = "cannot change";
  private static final List<Integer> JUMPS = List.of(-3_600, -600, -20, 20, 600, 3_600);

  /** Who judges whether a token holds rightly refuses everybody when it is an hour off. */
  private static final List<Integer> JUMPS_OF_JUDGES = List.of(-20, 20);

  private final Arena arena;
  private final TortureOptions options;
  private final History history;
  private final Map<String, Disk> disks = new LinkedHashMap<>();
  private final Map<String, WallClock> clocks = new LinkedHashMap<>();
  private final Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
  private int revision = 1;

  Faults(Arena arena, TortureOptions options, History history) {
    this.arena = arena;
    this.options = options;
    this.history = history;
  }

  /** Returns why faults that were asked for cannot be had here. */
  static Map<FaultKind, String> impossible(TortureOptions options, List<Shape> shapes) {
    Map<FaultKind, String> reasons = new TreeMap<>();
    for (FaultKind kind : options.faults()) {
      whyNot(kind, options, shapes).ifPresent(reason -> reasons.put(kind, reason));
    }
    return reasons;
  }

  private static Optional<String> whyNot(
      FaultKind kind, TortureOptions options, List<Shape> shapes) {
    return switch (kind) {
      case NODE_KILL,
          NODE_PAUSE,
          NODE_JOIN,
          GATEWAY_KILL,
          GATEWAY_PAUSE,
          CONTROL_KILL,
          CONTROL_PAUSE,
          BROKER_KILL,
          BROKER_PAUSE,
          BROKER_RESTART,
          REVISION,
          REVISION_UNFIT,
          ROLLBACK ->
          Optional.empty();
      case NODE_LEAVE -> unless(options.nodes() > 1, "there is only one node");
      case SINK_OUTAGE ->
          unless(
              shapes.stream().anyMatch(Shape::usesDatabase),
              "no shape of this run uses PostgreSQL");
      case SPILL_FULL, NET_CUT -> unlessInSandbox();
      case NET_DELAY -> unlessInSandbox().or(LateNet::whyNot);
      case CLOCK_JUMP ->
          unless(WallClock.libfaketime().isPresent(), "libfaketime is not installed");
    };
  }

  private static Optional<String> unlessInSandbox() {
    return Sandbox.inside()
        ? Optional.empty()
        : Sandbox.whyNot().or(() -> Optional.of("the run is not in a sandbox"));
  }

  private static Optional<String> unless(boolean possible, String reason) {
    return possible ? Optional.empty() : Optional.of(reason);
  }

  /** Makes what faults need, before the processes start. */
  void prepare(List<FaultKind> kinds) throws InterruptedException {
    if (kinds.contains(FaultKind.SPILL_FULL)) {
      for (String node : arena.nodes()) {
        disks.put(node, Disk.mount(arena.dataOf(node)));
      }
    }
    if (kinds.contains(FaultKind.CLOCK_JUMP)) {
      Path library = WallClock.libfaketime().orElseThrow();
      List<String> roles = new ArrayList<>(arena.nodes());
      roles.addAll(List.of("gateway", "control"));
      for (String role : roles) {
        WallClock clock = new WallClock(library, options.folder().resolve("clocks").resolve(role));
        arena.house().setEnvironment(role, clock.environment());
        clocks.put(role, clock);
      }
    }
  }

  /** Returns how often each kind was injected. */
  Map<FaultKind, Integer> injected() {
    return Map.copyOf(injected);
  }

  /** Injects one fault, waits as long as it lasts, and undoes it. */
  void inject(FaultPlan.Planned fault) throws InterruptedException, SQLException {
    String target = target(fault);
    note(fault, target, "begin");
    act(fault, target);
    injected.merge(fault.kind(), 1, Integer::sum);
    note(fault, target, "end");
  }

  private void note(FaultPlan.Planned fault, String target, String phase) {
    history.event(
        "fault",
        event ->
            event
                .put("fault", fault.kind().word())
                .put("target", target)
                .put("phase", phase)
                .put("millis", fault.lasts().toMillis()));
  }

  private String target(FaultPlan.Planned fault) {
    return switch (fault.kind()) {
      case NODE_KILL, NODE_PAUSE, NODE_LEAVE -> pick(arena.nodes(), fault);
      case NODE_JOIN -> "node-" + (options.nodes() + 1);
      case GATEWAY_KILL, GATEWAY_PAUSE -> "gateway";
      case CONTROL_KILL, CONTROL_PAUSE -> "control";
      case BROKER_KILL, BROKER_PAUSE, BROKER_RESTART -> "broker";
      case REVISION, REVISION_UNFIT, ROLLBACK ->
          pick(arena.shapes().stream().map(Shape::name).toList(), fault);
      case SINK_OUTAGE -> "postgresql";
      case SPILL_FULL -> pick(List.copyOf(disks.keySet()), fault);
      case CLOCK_JUMP -> pick(List.copyOf(clocks.keySet()), fault);
      case NET_CUT, NET_DELAY -> "all";
    };
  }

  private static String pick(List<String> names, FaultPlan.Planned fault) {
    return names.get(fault.target() % names.size());
  }

  private void act(FaultPlan.Planned fault, String target)
      throws InterruptedException, SQLException {
    Duration lasts = fault.lasts();
    switch (fault.kind()) {
      case NODE_KILL -> {
        arena.house().node(target).kill();
        sleep(lasts);
        arena.startNode(target);
      }
      case NODE_LEAVE -> {
        arena.house().stopNode(target);
        sleep(lasts);
        arena.startNode(target);
      }
      case NODE_JOIN -> {
        arena.startNode(target);
        arena.house().awaitReady();
        sleep(lasts);
        arena.stopGuest(target);
      }
      case NODE_PAUSE -> pause(arena.house().node(target).pid(), lasts);
      case GATEWAY_KILL -> {
        arena.house().gateway().kill();
        sleep(lasts);
        arena.house().startGateway();
      }
      case GATEWAY_PAUSE -> pause(arena.house().gateway().pid(), lasts);
      case CONTROL_KILL -> {
        arena.house().control().kill();
        sleep(lasts);
        arena.house().startControl();
      }
      case CONTROL_PAUSE -> pause(arena.house().control().pid(), lasts);
      case BROKER_KILL -> {
        arena.house().pulsar().kill();
        sleep(lasts);
        arena.house().startPulsar();
      }
      case BROKER_RESTART -> {
        arena.house().pulsar().close();
        sleep(lasts);
        arena.house().startPulsar();
      }
      case BROKER_PAUSE -> pause(arena.house().pulsar().pid(), lasts);
      case REVISION -> {
        arena.apply(Shapes.named(target).orElseThrow(), ++revision);
        sleep(lasts);
      }
      case ROLLBACK -> {
        arena.apply(Shapes.named(target).orElseThrow(), ++revision);
        sleep(lasts);
        arena.rollback(Shapes.named(target).orElseThrow());
      }
      case REVISION_UNFIT -> applyUnfit(Shapes.named(target).orElseThrow());
      case SINK_OUTAGE -> {
        arena.postgres().close();
        sleep(lasts);
        arena.postgres().start();
      }
      case SPILL_FULL -> {
        Disk disk = Optional.ofNullable(disks.get(target)).orElseThrow();
        disk.fill();
        sleep(lasts);
        disk.free();
      }
      case CLOCK_JUMP -> {
        List<Integer> seconds = arena.nodes().contains(target) ? JUMPS : JUMPS_OF_JUDGES;
        int number = fault.target() / clocks.size();
        jump(target, Duration.ofSeconds(seconds.get(number % seconds.size())), lasts);
      }
      case NET_CUT -> {
        Commands.run("ip", "link", "set", "lo", "down");
        try {
          sleep(lasts);
        } finally {
          Commands.run("ip", "link", "set", "lo", "up");
        }
      }
      case NET_DELAY -> {
        try (LateNet net = LateNet.begin()) {
          sleep(lasts);
        }
      }
    }
  }

  private void applyUnfit(Shape shape) throws InterruptedException {
    Optional<String> refused = arena.applyUnfit(shape, revision);
    history.event(
        "unfit",
        event ->
            event
                .put("pipeline", shape.name())
                .put("accepted", refused.isEmpty())
                .put("wanted", REFUSAL)
                .put("says", refused.orElse("")));
  }

  private void jump(String role, Duration by, Duration lasts) throws InterruptedException {
    WallClock clock = Optional.ofNullable(clocks.get(role)).orElseThrow();
    history.event("clock", event -> event.put("process", role).put("secondsOff", by.toSeconds()));
    clock.setOff(by);
    try {
      sleep(lasts);
    } finally {
      clock.setOff(Duration.ZERO);
    }
  }

  private static void pause(long pid, Duration lasts) throws InterruptedException {
    Commands.run("kill", "-STOP", Long.toString(pid));
    try {
      sleep(lasts);
    } finally {
      Commands.run("kill", "-CONT", Long.toString(pid));
    }
  }

  private static void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration.toMillis());
  }

  /** Takes away what {@link #prepare} made. */
  @Override
  public void close() {
    disks.values().forEach(Disk::close);
  }
}
