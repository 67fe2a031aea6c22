package io.sagitta.engine.run;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A random history of one task's input, seeded: messages of two upstream tasks, cut into steps, and
 * the end of input. Rows are flights with few airports and minutes, so that keys repeat.
 */
record History(List<List<Message>> steps) {
  static final Set<String> UPSTREAMS = Set.of("flights/0", "flights/1");
  static final long START = Grid.micros("2021-03-13T22:00:00Z");
  private static final long MINUTE = 60_000_000L;

  /** A message: rows with progress, or a signal if there are no rows. */
  record Message(
      long ordinal, String upstream, String input, List<List<Object>> rows, Progress progress) {

    Arrival arrival(Plan plan, BufferAllocator allocator) {
      return rows.isEmpty()
          ? new Arrival.Signal(ordinal, upstream, progress)
          : new Arrival.Rows(
              ordinal,
              upstream,
              input,
              Grid.batch(plan.schema(input), allocator, rows),
              Optional.of(progress));
    }
  }

  /** Makes a history; with {@code late}, some rows are older than the progress said. */
  static History random(long seed, boolean late, List<String> inputs) {
    Random random = new Random(seed);
    List<List<Message>> steps = new ArrayList<>();
    long[] now = {START, START};
    long[] watermark = {Long.MIN_VALUE, Long.MIN_VALUE};
    long ordinal = random.nextInt(3);
    int count = 1 + random.nextInt(12);
    for (int s = 0; s < count; s++) {
      List<Message> step = new ArrayList<>();
      int messages = 1 + random.nextInt(4);
      for (int m = 0; m < messages; m++) {
        int u = random.nextInt(2);
        now[u] += random.nextInt(40) * MINUTE;
        List<List<Object>> rows = new ArrayList<>();
        for (int r = random.nextInt(6); r > 0; r--) {
          long time = now[u] - random.nextInt(20) * MINUTE - random.nextInt(2);
          if (!late || random.nextInt(4) > 0) {
            time = Math.max(time, watermark[u]);
          }
          rows.add(flight(time, random));
        }
        watermark[u] = Math.max(watermark[u], now[u] - 10 * MINUTE);
        Activity activity = random.nextInt(8) == 0 && late ? Activity.IDLE : Activity.ACTIVE;
        step.add(
            new Message(
                ordinal,
                "flights/" + u,
                inputs.get(random.nextInt(inputs.size())),
                rows,
                new Progress(watermark[u], now[u], activity)));
        ordinal += 1 + random.nextInt(2);
      }
      steps.add(step);
    }
    steps.add(List.of(end(ordinal, 0), end(ordinal + 1, 1)));
    return new History(steps);
  }

  private static Message end(long ordinal, int upstream) {
    Progress ended = new Progress(Long.MIN_VALUE, Long.MIN_VALUE, Activity.ENDED);
    return new Message(ordinal, "flights/" + upstream, "", List.of(), ended);
  }

  private static List<Object> flight(long time, Random random) {
    String origin = "A" + random.nextInt(3);
    return Grid.row(
        time, random.nextInt(3), random.nextInt(2), origin, "D" + random.nextInt(2), time);
  }

  /** Returns all rows of {@code input} in order of arrival. */
  List<List<Object>> rows(String input) {
    return steps.stream()
        .flatMap(List::stream)
        .filter(message -> message.input().equals(input))
        .flatMap(message -> message.rows().stream())
        .toList();
  }
}
