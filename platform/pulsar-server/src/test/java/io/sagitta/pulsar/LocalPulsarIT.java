package io.sagitta.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPulsarIT {
  private static final String TENANT = "/admin/v2/tenants/t";
  private static final String NAMESPACE = "/admin/v2/namespaces/t/n";
  private static final String TOPIC_PATH = "/admin/v2/persistent/t/n/topic";
  private static final String TOPIC = "persistent://t/n/topic";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();

  private final Path dir;

  LocalPulsarIT(@TempDir Path dir) {
    this.dir = dir;
  }

  /** Stopped in order, killed, and stopped again: three lives of one folder. */
  @Test
  void start_onUsedFolder_keepsMessagesAndDeduplication() throws Exception {
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      declareTopic(pulsar);
      sendNumbered(pulsar, 1, 2, 3);
    }
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      sendNumbered(pulsar, 2, 3, 4);
      pulsar.kill();
      assertThat(pulsar.isAlive()).isFalse();
    }
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      sendNumbered(pulsar, 3, 4, 5);
      assertThat(readAll(pulsar, 5)).containsExactly("1", "2", "3", "4", "5");
    }
  }

  /**
   * The journal as a kill in the midst of a write leaves it. BookKeeper takes the half of an entry
   * for a whole one, and nobody could open its topic any more.
   */
  @Test
  void start_afterHalfWrittenEntry_hasAllThatWasAcknowledged() throws Exception {
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      declareTopic(pulsar);
      sendNumbered(pulsar, 1, 2, 3);
      long ledger = ledger(pulsar);
      pulsar.kill();
      writeHalfAnEntry(ledger, 3);
    }
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      sendNumbered(pulsar, 3, 4);
      pulsar.kill();
    }
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      assertThat(readAll(pulsar, 4)).containsExactly("1", "2", "3", "4");
    }
  }

  @Test
  void start_undeclaredTopic_isRefused() throws Exception {
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir));
        PulsarClient client = client(pulsar)) {
      assertThatThrownBy(
              () -> client.newProducer().topic("persistent://public/default/nobodys").create())
          .isInstanceOf(PulsarClientException.class);
    }
  }

  /**
   * Also after a collection in the server: a lock that only a local variable held was once given
   * away by one.
   */
  @Test
  void start_folderInUse_namesTheOther() throws Exception {
    try (LocalPulsar first = LocalPulsar.start(LocalPulsarOptions.in(dir))) {
      collectGarbage(first.pid());
      assertThatThrownBy(() -> LocalPulsar.start(LocalPulsarOptions.in(dir)))
          .isInstanceOf(LocalPulsarException.class)
          .hasMessageContaining(dir.toString())
          .hasMessageContaining("process " + first.pid());
      assertThat(first.isAlive()).isTrue();
    }
  }

  @Test
  void start_portTaken_namesPortAndOption() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LocalPulsarOptions options = LocalPulsarOptions.in(dir).withPorts(0, taken.getLocalPort());
      assertThatThrownBy(() -> LocalPulsar.start(options))
          .isInstanceOf(LocalPulsarException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + " is taken")
          .hasMessageContaining("httpPort");
    }
  }

  @Test
  void start_serverDies_showsItsLastLines() {
    LocalPulsarOptions options = LocalPulsarOptions.in(dir).withSetting("journalSyncData", "maybe");
    assertThatThrownBy(() -> LocalPulsar.start(options))
        .isInstanceOf(LocalPulsarException.class)
        .hasMessageContaining("ended with code 1")
        .hasMessageContaining("journalSyncData");
  }

  @Test
  void parentKilled_serverEndsToo() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + PulsarRuntime.LIB_PROPERTY + "=" + PulsarRuntime.locate().lib(),
                "-cp",
                PulsarRuntime.ownCode().toString(),
                LocalPulsarMain.class.getName(),
                dir.toString(),
                "0",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
      Matcher line = Pattern.compile("Pulsar .* pid (\\d+) .*").matcher(out.readLine());
      assertThat(line.matches()).isTrue();
      ProcessHandle broker = ProcessHandle.of(Long.parseLong(line.group(1))).orElseThrow();

      parent.destroyForcibly();

      broker.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(broker.isAlive()).isFalse();
    } finally {
      parent.destroyForcibly();
    }
  }

  /** Appends an entry to the newest journal of which only the first half was written. */
  private void writeHalfAnEntry(long ledger, long entry) throws IOException {
    Path journal = JournalTail.newest(dir.resolve(BrokerMain.JOURNALS)).orElseThrow();
    try (FileChannel file =
        FileChannel.open(journal, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = new JournalTail(file).lastRecord().orElseThrow().end();
      ByteBuffer record = ByteBuffer.allocate(1000);
      record.putInt(record.capacity() - Integer.BYTES);
      record.putLong(ledger).putLong(entry).putLong(entry - 1).putLong(500).putInt(0x5A61);
      while (record.position() < record.capacity() / 2) {
        record.put((byte) 'x');
      }
      file.write(record.rewind(), end);
    }
  }

  private void declareTopic(LocalPulsar pulsar) throws Exception {
    put(pulsar, TENANT, "{\"adminRoles\":[],\"allowedClusters\":[\"standalone\"]}");
    put(pulsar, NAMESPACE, "");
    post(pulsar, NAMESPACE + "/deduplication", "true");
    put(pulsar, TOPIC_PATH, "");
  }

  /** The ledger that the topic's next entry goes to. */
  private long ledger(LocalPulsar pulsar) throws Exception {
    String stats = send(pulsar, "GET", TOPIC_PATH + "/internalStats", "");
    Matcher ledger = Pattern.compile("\"lastConfirmedEntry\"\\s*:\\s*\"(\\d+):2\"").matcher(stats);
    assertThat(ledger.find()).as(stats).isTrue();
    return Long.parseLong(ledger.group(1));
  }

  private static void collectGarbage(long pid) throws Exception {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    assertThat(jcmd.waitFor()).isZero();
  }

  private static void sendNumbered(LocalPulsar pulsar, long... sequenceIds) throws Exception {
    try (PulsarClient client = client(pulsar);
        Producer<String> producer =
            client
                .newProducer(Schema.STRING)
                .topic(TOPIC)
                .producerName("p")
                .enableBatching(false)
                .sendTimeout(0, TimeUnit.SECONDS)
                .create()) {
      for (long id : sequenceIds) {
        producer.newMessage().sequenceId(id).value(Long.toString(id)).send();
      }
    }
  }

  /**
   * Everything from the topic's start: {@code expected} messages, and what still follows shortly
   * after.
   */
  private static List<String> readAll(LocalPulsar pulsar, int expected) throws Exception {
    try (PulsarClient client = client(pulsar);
        Consumer<String> consumer =
            client
                .newConsumer(Schema.STRING)
                .topic(TOPIC)
                .subscriptionName("s")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
      List<String> values = new ArrayList<>();
      while (values.size() < expected) {
        Message<String> message = consumer.receive((int) PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("message %d of %d", values.size() + 1, expected).isNotNull();
        values.add(message.getValue());
      }
      Optional.ofNullable(consumer.receive(500, TimeUnit.MILLISECONDS))
          .ifPresent(extra -> values.add(extra.getValue()));
      return values;
    }
  }

  private static PulsarClient client(LocalPulsar pulsar) throws PulsarClientException {
    return PulsarClient.builder().serviceUrl(pulsar.brokerUrl()).build();
  }

  private void put(LocalPulsar pulsar, String path, String body) throws Exception {
    send(pulsar, "PUT", path, body);
  }

  private void post(LocalPulsar pulsar, String path, String body) throws Exception {
    send(pulsar, "POST", path, body);
  }

  private String send(LocalPulsar pulsar, String method, String path, String body)
      throws Exception {
    URI address = pulsar.adminUrl().resolve(path);
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s %s", method, path).isBetween(200, 299);
    return response.body();
  }
}
