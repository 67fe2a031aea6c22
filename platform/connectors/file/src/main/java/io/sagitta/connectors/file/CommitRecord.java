package io.sagitta.connectors.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a task's {@link CommitLog}: up to which step rows are visible.
 *
 * @param number one more than the entry it follows
 * @param step the last committed step
 * @param owner who wrote it
 * @param files what the last commit made visible, or still has to
 */
record CommitRecord(long number, long step, String owner, List<Staged> files) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What stands before the first entry. */
  static final CommitRecord NONE = new CommitRecord(0, 0, "", List.of());

  CommitRecord {
    files = List.copyOf(files);
  }

  /**
   * A finished file on its way to its place; both names relative to the sink's folder.
   *
   * @param from its name until the commit
   * @param to its name for readers
   */
  record Staged(String from, String to) {}

  byte[] toJson() {
    ObjectNode json = JSON.createObjectNode().put("number", number).put("step", step);
    json.put("owner", owner);
    ArrayNode list = json.putArray("files");
    files.forEach(f -> list.addObject().put("from", f.from()).put("to", f.to()));
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static CommitRecord ofJson(byte[] bytes) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    List<Staged> files = new ArrayList<>();
    for (JsonNode file : json.required("files")) {
      files.add(new Staged(file.required("from").asText(), file.required("to").asText()));
    }
    return new CommitRecord(
        json.required("number").longValue(),
        json.required("step").longValue(),
        json.required("owner").asText(),
        files);
  }
}
