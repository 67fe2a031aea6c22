package io.sagitta.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The folder that a run leaves behind: files of JSON lines, all that the check looks at.
 *
 * <pre>
 * events.ndjson             t, kind, and what it says: faults' begins and ends among others
 * memory.ndjson             t, process, pid, rssKib
 * watermarks.ndjson         t, topic, sender, watermark: as they came by, microseconds
 * sent/PIPELINE.ndjson      source, the row, sent, acked (milliseconds; -1: never acknowledged)
 * received/PIPELINE-STREAM.ndjson   r (its place in the stream), the row
 * arrivals/PIPELINE.ndjson  t, part, feeder, n: how far each partition of its rows' stream was
 * quarantine/PIPELINE.ndjson        stage, reason, row as JSON text
 * status/PIPELINE.json      what control said at the end: the ledger
 * </pre>
 */
final class History implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Map<String, BufferedWriter> files = new LinkedHashMap<>();

  /** Creates one in {@code folder}, which is made if it is not there. */
  History(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Notes that something happened now. */
  void event(String kind, Consumer<ObjectNode> says) {
    ObjectNode event =
        JSON.createObjectNode().put("t", System.currentTimeMillis()).put("kind", kind);
    says.accept(event);
    add("events", event.toString());
    flush();
  }

  /** Adds a line to {@code file}, a path without its ending. */
  synchronized void add(String file, String line) {
    try {
      BufferedWriter writer = files.get(file);
      if (writer == null) {
        Path path = folder.resolve(file + ".ndjson");
        Files.createDirectories(folder);
        Files.createDirectories(path.resolveSibling("."));
        writer = Files.newBufferedWriter(path);
        files.put(file, writer);
      }
      writer.write(line);
      writer.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the history in " + folder, e);
    }
  }

  /** Writes a file of its own. */
  void write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the history in " + folder, e);
    }
  }

  /** Puts everything on disk; lines can be added afterwards. */
  synchronized void flush() {
    try {
      for (BufferedWriter writer : files.values()) {
        writer.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the history in " + folder, e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      for (BufferedWriter writer : files.values()) {
        writer.close();
      }
      files.clear();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the history in " + folder, e);
    }
  }
}
