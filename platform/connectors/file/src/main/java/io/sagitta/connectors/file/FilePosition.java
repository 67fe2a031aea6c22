package io.sagitta.connectors.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.connectors.ConnectorException;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far a file source has been read.
 *
 * @param file the file at hand; empty before the first
 * @param sizeBytes its size when it was first seen; it must not change
 * @param at where its next chunk starts: a byte, a row or a batch, by format
 * @param end whether all of it has been read
 * @param done fingerprints of other files that were read, as far as they are still there; only
 *     where a folder is followed, since otherwise files go by name
 */
record FilePosition(String file, long sizeBytes, long at, boolean end, SortedSet<String> done) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Before the first file. */
  static final FilePosition START = new FilePosition("", 0, 0, true, new TreeSet<>());

  FilePosition {
    done = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(done));
  }

  static FilePosition parse(String text) throws ConnectorException {
    if (text.isEmpty()) {
      return START;
    }
    try {
      JsonNode json = JSON.readTree(text);
      SortedSet<String> done = new TreeSet<>();
      json.required("done").forEach(d -> done.add(d.asText()));
      return new FilePosition(
          json.required("file").asText(),
          json.required("size").longValue(),
          json.required("at").longValue(),
          json.required("end").booleanValue(),
          done);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new ConnectorException("'" + text + "' is no position of a file source", e);
    }
  }

  FilePosition after(long next, boolean isEnd) {
    return new FilePosition(file, sizeBytes, next, isEnd, done);
  }

  @Override
  public String toString() {
    ObjectNode json = JSON.createObjectNode().put("file", file).put("size", sizeBytes);
    json.put("at", at).put("end", end);
    done.forEach(json.putArray("done")::add);
    return json.toString();
  }
}
