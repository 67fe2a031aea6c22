package io.sagitta.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The history of a run of shape {@code plain} with a few rows of one key. */
final class PlainHistory {
  private static final int ROWS = 10;

  private PlainHistory() {}

  /**
   * Writes it into {@code folder} and checks it.
   *
   * @param arrival puts the rows that arrived in their order
   */
  static List<Finding> check(Path folder, UnaryOperator<List<String>> arrival) throws Exception {
    List<String> sent = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (int n = 1; n <= ROWS; n++) {
      String row =
          "\"feeder\":\"f0\",\"n\":%d,\"k\":\"a\",\"happened\":\"1970-01-01T00:00:00Z\",\"amount\":1.0,\"hash\":\"%s\""
              .formatted(n, md5("f0|" + n + "|a|0|4"));
      sent.add("{" + row + ",\"source\":\"orders\",\"sent\":1,\"acked\":2}");
      rows.add(row);
    }
    List<String> received = new ArrayList<>();
    for (String row : arrival.apply(rows)) {
      received.add("{" + row + ",\"r\":" + received.size() + "}");
    }
    write(folder.resolve("sent/plain.ndjson"), sent);
    write(folder.resolve("received/plain-stream-rows.ndjson"), received);
    write(
        folder.resolve("status/plain.json"),
        List.of("{\"stages\":[{\"name\":\"orders\",\"counts\":{\"in\":" + ROWS + "}}]}"));
    return Checker.check(folder, List.of(Shapes.named("plain").orElseThrow()));
  }

  private static String md5(String text) throws Exception {
    byte[] digest =
        java.security.MessageDigest.getInstance("MD5")
            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return String.format("%032x", new java.math.BigInteger(1, digest));
  }

  private static void write(Path path, List<String> lines) throws Exception {
    Files.createDirectories(path.resolveSibling("."));
    Files.write(path, lines);
  }
}
