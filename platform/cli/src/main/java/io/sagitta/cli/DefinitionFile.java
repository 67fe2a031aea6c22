package io.sagitta.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pipeline file as it is on disk, with the environment it is meant in.
 *
 * @param definition its path as the user named it, or below a folder that the user named
 * @param environment the overlay {@code env/NAME.yaml} beside it
 */
record DefinitionFile(FileBytes definition, Optional<FileBytes> environment) {

  /**
   * Returns the pipeline files that {@code paths} name: files, and in folders every {@code .yaml}
   * and {@code .yml} but those of environments, in the order of their names.
   *
   * @param environment name of the overlay that every file needs, if any
   */
  static List<DefinitionFile> find(List<Path> paths, Optional<String> environment) {
    Set<Path> found = new LinkedHashSet<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        List<Path> inFolder = inFolder(path);
        if (inFolder.isEmpty()) {
          throw CommandFailure.usage("There is no pipeline file (*.yaml) in " + path + ".");
        }
        found.addAll(inFolder);
      } else if (Files.isRegularFile(path)) {
        found.add(path);
      } else {
        throw CommandFailure.usage("There is no file or folder " + path + ".");
      }
    }
    List<DefinitionFile> files = new ArrayList<>();
    for (Path path : found) {
      files.add(
          new DefinitionFile(FileBytes.of(path), environment.map(name -> overlay(path, name))));
    }
    return files;
  }

  private static List<Path> inFolder(Path folder) {
    return Folders.yamlFiles(folder).stream()
        .filter(file -> !isEnvironment(folder.relativize(file)))
        .toList();
  }

  private static boolean isEnvironment(Path inFolder) {
    for (Path part : Optional.ofNullable(inFolder.getParent()).orElse(Path.of(""))) {
      if (part.toString().equals("env")) {
        return true;
      }
    }
    return false;
  }

  private static FileBytes overlay(Path definition, String name) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw CommandFailure.usage("'" + name + "' is no environment; write a name, such as prod.");
    }
    Path path = definition.resolveSibling("env").resolve(name + ".yaml");
    if (!Files.isRegularFile(path)) {
      throw CommandFailure.usage(
          "There is no " + path + ", which --env " + name + " needs beside " + definition + ".");
    }
    return FileBytes.of(path);
  }

  /** Returns the file's path, as messages name it. */
  Path path() {
    return definition.path();
  }
}
