package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/**
 * Roles that load changed classes in place of some of the platform's. The platform itself knows
 * nothing of it.
 */
final class ChangedNode {
  private ChangedNode() {}

  /** Makes the classes in {@code folder}; returns the variables with which a role loads them. */
  static Map<String, String> with(Path folder, List<SourceChange> changes) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (SourceChange change : changes) {
      String text = texts.get(change.file());
      if (text == null) {
        text = Files.readString(Path.of("..").resolve(change.file()));
      }
      assertThat(text)
          .as("%s has changed: look for the same place there", change.file())
          .contains(change.stands());
      texts.put(change.file(), text.replace(change.stands(), change.instead()));
    }
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path source = Files.createDirectories(folder.resolve("source"));
    List<String> command =
        new ArrayList<>(List.of("-nowarn", "-proc:none", "-parameters", "-classpath"));
    command.addAll(List.of(System.getProperty("java.class.path"), "-d", classes.toString()));
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Path changed = source.resolve(Path.of(text.getKey()).getFileName());
      Files.writeString(changed, text.getValue());
      command.add(changed.toString());
    }
    int failed =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
    assertThat(failed).as("the changed %s compile", texts.keySet()).isZero();
    return Map.of("JDK_JAVA_OPTIONS", "-javaagent:" + agent(folder) + "=" + folder);
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
}
