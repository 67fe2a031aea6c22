package io.sagitta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Markdown file in which blocks between two marks are written by this program. */
record Document(Path file) {

  /**
   * Replaces block {@code name}.
   *
   * @throws IllegalStateException if the file has no such marks
   */
  void replace(String name, String block) throws IOException {
    String text = Files.readString(file);
    String begin = "<!-- begin " + name + " -->";
    String end = "<!-- end " + name + " -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException(
          file + " has no lines '" + begin + "' and '" + end + "'; add them where it belongs");
    }
    Files.writeString(
        file, text.substring(0, from) + begin + "\n\n" + block + "\n\n" + text.substring(to));
  }
}
