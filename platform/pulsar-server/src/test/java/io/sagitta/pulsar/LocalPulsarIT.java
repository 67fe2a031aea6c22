package io.sagitta.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPulsarIT {
  private static final String TOPIC = "persistent://public/default/t";

  @Test
  void start_again_keepsData(@TempDir Path dir) throws Exception {
    try (LocalPulsar pulsar =
            LocalPulsar.start(
                LocalPulsarOptions.in(dir).withSetting("allowAutoTopicCreation", "true"));
        PulsarClient client = PulsarClient.builder().serviceUrl(pulsar.brokerUrl()).build();
        Producer<byte[]> producer = client.newProducer().topic(TOPIC).create()) {
      producer.send("one".getBytes(StandardCharsets.UTF_8));
    }
    try (LocalPulsar pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir));
        PulsarClient client = PulsarClient.builder().serviceUrl(pulsar.brokerUrl()).build();
        Consumer<byte[]> consumer =
            client
                .newConsumer()
                .topic(TOPIC)
                .subscriptionName("s")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
      Message<byte[]> message = consumer.receive(10, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      assertThat(new String(message.getData(), StandardCharsets.UTF_8)).isEqualTo("one");
    }
  }
}
