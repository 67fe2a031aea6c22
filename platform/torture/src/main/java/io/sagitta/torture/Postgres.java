package io.sagitta.torture;

import io.sagitta.house.HousePorts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A real PostgreSQL as processes of its own, which can be away for a while. */
final class Postgres implements AutoCloseable {
  private final Path folder;
  private final int port = HousePorts.free().nodeAdmin();
  private Optional<EmbeddedPostgres> server = Optional.empty();

  /** Creates one whose data are in {@code folder}; nothing runs yet. */
  Postgres(Path folder) {
    this.folder = folder;
  }

  /** Starts it, with the data of an earlier start if there are any. */
  void start() {
    try {
      server =
          Optional.of(
              EmbeddedPostgres.builder()
                  .setDataDirectory(folder.resolve("data"))
                  .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                  .setCleanDataDirectory(false)
                  .setPort(port)
                  .start());
    } catch (IOException | IllegalStateException e) {
      throw new TortureException("PostgreSQL does not start: " + e.getMessage(), e);
    }
  }

  int port() {
    return port;
  }

  /** Returns how its clients reach it, without a user. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** Stops it in order; a later start goes on. */
  @Override
  public void close() {
    try {
      if (server.isPresent()) {
        server.get().close();
      }
    } catch (IOException e) {
      throw new TortureException("PostgreSQL does not stop: " + e.getMessage(), e);
    }
    server = Optional.empty();
  }
}
