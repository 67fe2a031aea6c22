package io.sagitta.gateway;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands tests the one Pulsar of their run; it starts with the first that asks. */
final class RealPulsar implements ParameterResolver {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(RealPulsar.class);

  /** The server, closed behind the last test. */
  private record Server(LocalPulsar pulsar, Path folder) implements AutoCloseable {
    static Server start() {
      try {
        Path folder = Files.createTempDirectory("gateway-pulsar");
        LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(folder));
        try (Provisioner provisioner = Provisioner.open(pulsar.adminUrl().toString())) {
          provisioner.ensureSystem();
        }
        return new Server(pulsar, folder);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      pulsar.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalPulsar.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .getOrComputeIfAbsent(Server.class, type -> Server.start(), Server.class)
        .pulsar();
  }
}
