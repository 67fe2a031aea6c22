package io.sagitta.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the list of parts that is distributed against the jars that are. */
final class SbomTest {
  private static final String HASH = "SHA-256";

  @BeforeAll
  static void isThere() {
    assumeFalse(Boolean.getBoolean("sagitta.offline"), "Maven makes no SBOM when offline");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sagitta.distribution", "sagitta.pulsar"})
  void sbom_namesEachJarWithItsHash_andNoOther(String folder) throws Exception {
    Path home = Path.of(System.getProperty(folder, ""));
    JsonNode sbom = new ObjectMapper().readTree(home.resolve("sbom.json").toFile());
    assertThat(sbom.path("specVersion").asText()).isEqualTo("1.6");
    assertThat(sbom.path("metadata").has("timestamp")).as("differs with each build").isFalse();
    Map<String, String> named = new TreeMap<>();
    for (JsonNode component : sbom.path("components")) {
      assertThat(component.path("purl").asText()).startsWith("pkg:maven/");
      named.put(hash(component), component.path("name").asText());
    }
    Map<String, String> there = jars(home.resolve("lib"));
    assertThat(named.keySet())
        .as("named and not there, or there and not named: %s and %s", named, there)
        .isEqualTo(there.keySet());
    there.forEach((hash, jar) -> assertThat(jar).startsWith(named.getOrDefault(hash, "?")));
  }

  private static String hash(JsonNode component) {
    for (JsonNode hash : component.path("hashes")) {
      if (hash.path("alg").asText().equals(HASH)) {
        return hash.path("content").asText();
      }
    }
    throw new AssertionError("No hash: " + component);
  }

  private static Map<String, String> jars(Path lib) throws IOException, NoSuchAlgorithmException {
    Map<String, String> jars = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(lib, "*.jar")) {
      for (Path file : files) {
        byte[] digest = MessageDigest.getInstance(HASH).digest(Files.readAllBytes(file));
        jars.put(HexFormat.of().formatHex(digest), file.getFileName().toString());
      }
    }
    assertThat(jars).isNotEmpty();
    return jars;
  }
}
