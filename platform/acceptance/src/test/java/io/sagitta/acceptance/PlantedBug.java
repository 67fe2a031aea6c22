package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/**
 * A bug that is put into the roles as they load their classes: one source file of the platform with
 * some of its words changed. The platform itself knows nothing of it.
 *
 * @param about what is wrong then
 * @param file the source file, from {@code platform/} on
 * @param changes what stands there, and what stands there instead
 */
record PlantedBug(String about, String file, Map<String, String> changes) {

  /** Plants it in {@code folder}; returns the variables with which a role has it. */
  Map<String, String> plant(Path folder) throws IOException {
    Path source = Path.of("..").resolve(file);
    String text = Files.readString(source);
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(text)
          .as("%s has changed: look for the same bug there", file)
          .contains(change.getKey());
      text = text.replace(change.getKey(), change.getValue());
    }
    Path changed = folder.resolve("source").resolve(source.getFileName().toString());
    Path classes = folder.resolve("classes");
    Files.createDirectories(changed.resolveSibling("."));
    Files.createDirectories(classes);
    Files.writeString(changed, text);
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                List.of(
                        "-nowarn",
                        "-proc:none",
                        "-parameters",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        changed.toString())
                    .toArray(String[]::new));
    assertThat(failed).as("the changed %s compiles", file).isZero();
    return Map.of("JDK_JAVA_OPTIONS", "-javaagent:" + agent(folder) + "=" + classes);
  }

  private static Path agent(Path folder) throws IOException {
    Path jar = folder.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Premain-Class"), BugAgent.class.getName());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Class<?> type :
          List.of(BugAgent.class, Class.forName(BugAgent.class.getName() + "$1"))) {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        try (var bytes = type.getClassLoader().getResourceAsStream(name)) {
          bytes.transferTo(out);
        }
        out.closeEntry();
      }
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
    return jar;
  }

  @Override
  public String toString() {
    return about;
  }
}
