package io.sagitta.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The history of a run of shape {@code refreshed} with two rows, each with a version. */
final class RefreshedHistory {
  private RefreshedHistory() {}

  /** Writes it into {@code folder} and checks it; the folder's second row has {@code version}. */
  static List<Finding> check(Path folder, int version) throws Exception {
    Files.createDirectories(folder.resolve("received"));
    Files.createDirectories(folder.resolve("status"));
    Files.write(
        folder.resolve("received/refreshed-stream-rows.ndjson"), List.of(row(1, 7), row(2, 8)));
    Files.write(
        folder.resolve("received/refreshed-folder-versioned_lake.ndjson"),
        List.of(row(1, 7), row(2, version)));
    Files.writeString(folder.resolve("status/refreshed.json"), "{\"stages\":[]}");
    return Checker.check(folder, List.of(Shapes.named("refreshed").orElseThrow()));
  }

  private static String row(int n, int version) {
    return "{\"feeder\":\"f0\",\"n\":%d,\"version\":%d}".formatted(n, version);
  }
}
