package io.sagitta.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that post bodies at once, each under a name and numbers, so that nothing counts twice.
 */
final class PostingClients {
  private static final int PAUSE_MILLIS = 20;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI source;
  private final String contentType;
  private final AtomicLong refusals = new AtomicLong();

  PostingClients(URI source, String contentType) {
    this.source = source;
    this.contentType = contentType;
  }

  /** Returns how often a client was told to come again. */
  long refusals() {
    return refusals.get();
  }

  /**
   * Posts all bodies; client {@code i} of {@code clients} takes every {@code clients}-th.
   *
   * @param name of this run; no other one has it
   */
  void postAll(String name, int clients, List<byte[]> bodies)
      throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(clients);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int first = client;
        done.add(
            executor.submit(
                () -> {
                  for (int i = first; i < bodies.size(); i += clients) {
                    post(name + "." + first, i / clients + 1L, bodies.get(i));
                  }
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  /** Posts one body as request {@code number} of {@code client}. */
  void post(String client, long number, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(source)
            .header("Content-Type", contentType)
            .header("Sagitta-Producer", client)
            .header("Sagitta-Sequence", Long.toString(number))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    while (true) {
      HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() == 200) {
        return;
      }
      if (reply.statusCode() != 429 && reply.statusCode() != 503 && reply.statusCode() != 404) {
        throw new IOException("The gateway answered " + reply.statusCode() + " " + reply.body());
      }
      refusals.incrementAndGet();
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
