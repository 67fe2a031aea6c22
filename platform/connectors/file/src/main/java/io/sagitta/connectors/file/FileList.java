package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.policy.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that a source's path names: one file, all in a folder and below, or all that match a
 * glob. Files and folders whose names start with {@code .} or {@code _} or end with {@code .tmp} or
 * {@code .part} are somebody's unfinished work and do not count, unless the path names the file.
 *
 * @param base what names are relative to
 * @param matcher empty if every file below the base counts
 * @param single the only file, if the path names one
 * @param reach asked before a file is opened: it may be a link
 */
record FileList(Path base, Optional<PathMatcher> matcher, Optional<Path> single, Reach reach) {

  static FileList of(String path, Reach reach) throws ConnectorException {
    int star = firstSpecial(path);
    if (star >= 0) {
      int slash = path.lastIndexOf('/', star);
      String certain = slash < 0 ? "." : path.substring(0, Math.max(1, slash));
      Path base = reach.files(path, certain, Access.READ);
      String glob = path.substring(slash + 1);
      if (!Files.isDirectory(base)) {
        throw absent(path, base);
      }
      return new FileList(
          base,
          Optional.of(FileSystems.getDefault().getPathMatcher("glob:" + glob)),
          Optional.empty(),
          reach);
    }
    Path named = reach.files(path, Access.READ);
    if (Files.isDirectory(named)) {
      return new FileList(named, Optional.empty(), Optional.empty(), reach);
    }
    Path parent = named.getParent();
    if (!Files.isRegularFile(named) || parent == null) {
      throw absent(path, named);
    }
    return new FileList(parent, Optional.empty(), Optional.of(named), reach);
  }

  private static int firstSpecial(String path) {
    for (int i = 0; i < path.length(); i++) {
      if ("*?[{".indexOf(path.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static ConnectorException absent(String path, Path named) {
    return new ConnectorException(
        "path: '%s' names nothing: there is no %s. Correct the path, or create the folder"
            .formatted(path, named));
  }

  /** Returns the names of the files that are there now, relative to the base, sorted. */
  List<String> names() throws IOException {
    if (single.isPresent()) {
      return List.of(base.relativize(single.get()).toString());
    }
    try (Stream<Path> tree = Files.walk(base)) {
      return tree.filter(Files::isRegularFile)
          .map(base::relativize)
          .filter(FileList::finished)
          .filter(f -> matcher.isEmpty() || matcher.get().matches(f))
          .map(Path::toString)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean finished(Path file) {
    for (Path part : file) {
      String name = part.toString();
      if (name.startsWith(".")
          || name.startsWith("_")
          || name.endsWith(".tmp")
          || name.endsWith(".part")) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns where the file {@code name} really is.
   *
   * @throws ConnectorException if it is a link to what is out of reach
   */
  Path file(String name) throws ConnectorException {
    return reach.found(base.resolve(name), Access.READ);
  }
}
