package io.sagitta.service.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A line of an audit log: an event and its place in the chain.
 *
 * @param n counts from 1 without gaps
 * @param at ISO-8601, in UTC
 * @param role which of the platform's processes wrote it
 * @param prev SHA-256 of the line before, in hexadecimal digits; zeros in the first
 */
@JsonPropertyOrder({"n", "at", "role"})
public record AuditRecord(
    long n, String at, String role, @JsonUnwrapped AuditEvent event, String prev) {
  /** What the first record holds in place of a hash. */
  public static final String NOTHING_BEFORE = "0".repeat(64);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Returns the record on one line, whatever names hold: JSON has no line breaks in strings. */
  String line() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record is always JSON", e);
    }
  }

  /** Parses a line; empty if it is none. */
  public static Optional<AuditRecord> parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      return node != null && node.path("n").canConvertToLong() && node.path("prev").isTextual()
          ? Optional.of(of(node))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static AuditRecord of(JsonNode node) {
    return new AuditRecord(
        node.path("n").asLong(),
        node.path("at").asText(),
        node.path("role").asText(),
        new AuditEvent(
            node.path("who").asText(),
            node.path("proof").asText(),
            node.path("from").asText(),
            node.path("action").asText(),
            node.path("object").asText(),
            node.path("outcome").asText(),
            node.path("rule").asText(),
            node.path("times").asLong()),
        node.path("prev").asText());
  }

  /** Returns what the next record holds of {@code line}. */
  static String hash(String line) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Java always has SHA-256", e);
    }
  }
}
