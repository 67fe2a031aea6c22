package io.sagitta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.gateway.OutTopic.Row;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.PipelineId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A served stream, read with the Arrow library of another language. */
@ExtendWith(RealPulsar.class)
final class ForeignReaderTest {
  private static final Path SCRIPTS = Path.of("src/test/node");
  private static final String SPEC =
      """
      sources:
        flights:
          type: http
          schema:
            delay: {type: int32}
            origin: {type: string}
      stages:
        kept: {type: sql, inputs: [flights], query: "SELECT * FROM flights"}
      streams:
        out: {inputs: [kept], key: [origin]}
      """;

  @Test
  void rows_readByApacheArrowForJavaScript_areTheSame(LocalPulsar pulsar, @TempDir Path folder)
      throws Exception {
    if (!hasNode()) {
      System.out.println("Skipped: no Node.js here, so no second Arrow library to read with");
      return;
    }
    for (String file : List.of("package.json", "package-lock.json", "read.mjs")) {
      Files.copy(SCRIPTS.resolve(file), folder.resolve(file));
    }
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
    try (House house = new House(pulsar)) {
      RunningRole gateway = house.gateway(house.configuration());
      PipelineId pipeline = house.apply(gateway, "foreign", "p", 1, SPEC);
      OutTopic.publish(house.connection, pipeline, 0, new Row("LAS", 1, 1), new Row("PHL", 2, 2));
      OutTopic.publish(house.connection, pipeline, 0, new Row("Zürich", 3, 3));
      String url = "http://127.0.0.1:" + gateway.port() + "/v1/streams/" + pipeline + "/out/rows";
      JsonNode read = new ObjectMapper().readTree(run(folder, "node", "read.mjs", url));
      assertThat(read.get("columns").toString())
          .isEqualTo(
              "[\"origin: Utf8\",\"flights: Int32\",\"event_time: Timestamp<MICROSECOND, UTC>\"]");
      assertThat(read.get("rows").findValuesAsText("origin"))
          .containsExactly("LAS", "PHL", "Zürich");
      assertThat(read.get("rows").findValuesAsText("flights")).containsExactly("1", "2", "3");
    }
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0
          && new ProcessBuilder("npm", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(Path folder, String... command) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("%s within 4 min", command[0]).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors, UTF_8)).isZero();
      return Files.readString(output, UTF_8);
    } finally {
      process.destroy();
    }
  }
}
