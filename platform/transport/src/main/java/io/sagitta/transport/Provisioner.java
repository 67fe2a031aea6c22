package io.sagitta.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminBuilder;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.common.policies.data.BacklogQuota;
import org.apache.pulsar.common.policies.data.RetentionPolicies;
import org.apache.pulsar.common.policies.data.TenantInfo;
import org.apache.pulsar.common.policies.data.TopicStats;

/** Creates and removes tenants, namespaces and topics. Only control has one. */
public final class Provisioner implements AutoCloseable {
  private static final long COMPACTION_THRESHOLD_BYTES = 1 << 20;
  private static final Duration EVENTS_KEPT = Duration.ofDays(7);

  private final PulsarAdmin admin;

  private Provisioner(PulsarAdmin admin) {
    this.admin = admin;
  }

  /**
   * Connects lazily to {@code adminUrl} on this machine, such as {@code http://127.0.0.1:8080}, as
   * nobody.
   */
  public static Provisioner open(String adminUrl) {
    return open(adminUrl, PulsarAccess.OPEN);
  }

  /**
   * Connects lazily to {@code adminUrl}, such as {@code https://broker:8443}.
   *
   * @throws TransportException if a proof would cross a network in plain
   */
  public static Provisioner open(String adminUrl, PulsarAccess access) {
    ClientAccess told = ClientAccess.of(access, adminUrl);
    PulsarAdminBuilder builder =
        PulsarAdmin.builder()
            .serviceHttpUrl(adminUrl)
            .enableTlsHostnameVerification(true)
            .autoCertRefreshTime(ClientAccess.REFRESH_SECONDS, TimeUnit.SECONDS);
    told.trust().ifPresent(file -> builder.tlsTrustCertsFilePath(file.toString()));
    told.proof().ifPresent(builder::authentication);
    try {
      return new Provisioner(builder.build());
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot use " + adminUrl + ": " + e.getMessage(), e);
    }
  }

  PulsarAdmin admin() {
    return admin;
  }

  /** Creates what the platform itself needs, as far as it is not there. */
  public void ensureSystem() {
    ensureNamespace("sagitta", "sagitta/system", Duration.ZERO);
    attempt(
        "compact sagitta/system",
        () ->
            admin
                .namespaces()
                .setCompactionThreshold("sagitta/system", COMPACTION_THRESHOLD_BYTES));
    // Apart from the state topics: those live by compaction, events by being kept for a while.
    ensureNamespace("sagitta", "sagitta/history", EVENTS_KEPT);
    for (String topic :
        List.of(
            Topics.DEPLOYMENTS,
            Topics.STATUS,
            Topics.EVENTS,
            Topics.TAPS,
            Topics.POLICY,
            Topics.BACKPRESSURE,
            Topics.STORAGE_HOLDS)) {
      attempt("create " + topic, () -> admin.topics().createNonPartitionedTopic(topic));
    }
  }

  /**
   * Creates a pipeline's tenant and namespace with their policies, as far as they are not there.
   *
   * @param retain for how long acknowledged messages can be read again
   */
  public void ensurePipeline(PipelineId pipeline, Duration retain) {
    ensureNamespace(pipeline.tenant(), pipeline.namespace(), retain);
  }

  private void ensureNamespace(String tenant, String namespace, Duration retain) {
    attempt(
        "create tenant " + tenant,
        () ->
            admin
                .tenants()
                .createTenant(
                    tenant,
                    TenantInfo.builder()
                        .allowedClusters(Set.copyOf(admin.clusters().getClusters()))
                        .build()));
    attempt("create namespace " + namespace, () -> admin.namespaces().createNamespace(namespace));
    attempt(
        "set policies of " + namespace,
        () -> {
          admin.namespaces().setDeduplicationStatus(namespace, true);
          admin.namespaces().setRetention(namespace, retention(retain));
          admin
              .namespaces()
              .setBacklogQuota(
                  namespace,
                  BacklogQuota.builder()
                      .limitSize(-1)
                      .retentionPolicy(BacklogQuota.RetentionPolicy.producer_request_hold)
                      .build());
        });
  }

  private static RetentionPolicies retention(Duration retain) {
    // Pulsar refuses a time of 0 beside a size without bound.
    return retain.toMinutes() <= 0
        ? new RetentionPolicies(0, 0)
        : new RetentionPolicies((int) Math.min(retain.toMinutes(), Integer.MAX_VALUE), -1);
  }

  /** Creates {@code topic} with {@code partitions}, or checks that it has as many. */
  public void ensureTopic(String topic, int partitions) {
    attempt("create " + topic, () -> admin.topics().createPartitionedTopic(topic, partitions));
    attempt(
        "look up " + topic,
        () -> {
          int there = admin.topics().getPartitionedTopicMetadata(topic).partitions;
          if (there != partitions) {
            throw new TransportException(
                topic + " has " + there + " partitions, not " + partitions);
          }
        });
  }

  /** Gives {@code topic} more partitions if it has fewer; does nothing if it is not there. */
  public void growTopic(String topic, int partitions) {
    OptionalInt there = partitions(topic);
    if (there.isPresent() && there.getAsInt() > 0 && there.getAsInt() < partitions) {
      attempt("grow " + topic, () -> admin.topics().updatePartitionedTopic(topic, partitions));
    }
  }

  /** Creates {@code topic} without partitions, as far as it is not there. */
  public void ensurePlainTopic(String topic) {
    attempt("create " + topic, () -> admin.topics().createNonPartitionedTopic(topic));
  }

  /** Removes a topic without partitions, whoever still uses it. */
  public void deletePlainTopic(String topic) {
    attempt(
        "delete " + topic,
        () -> {
          try {
            admin.topics().delete(topic, true);
          } catch (PulsarAdminException.NotFoundException e) {
            // Gone already: what was wanted.
          }
        });
  }

  /**
   * Returns how many partitions {@code topic} has, whoever made it: 0 if it is one without
   * partitions, empty if there is none.
   */
  public OptionalInt partitions(String topic) {
    String namespace = namespace(topic);
    try {
      if (admin.topics().getPartitionedTopicList(namespace).contains(topic)) {
        return OptionalInt.of(admin.topics().getPartitionedTopicMetadata(topic).partitions);
      }
      return admin.topics().getList(namespace).contains(topic)
          ? OptionalInt.of(0)
          : OptionalInt.empty();
    } catch (PulsarAdminException.NotFoundException e) {
      return OptionalInt.empty();
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot look up " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether there is a namespace {@code tenant/name}. */
  public boolean hasNamespace(String namespace) {
    try {
      return !admin.namespaces().getPolicies(namespace).deleted;
    } catch (PulsarAdminException.NotFoundException e) {
      return false;
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot look up " + namespace + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns whether the broker drops repeated messages in a namespace because the namespace says
   * so; a broker's default does not count, since it can change unseen.
   */
  public boolean deduplicates(String namespace) {
    try {
      return Boolean.TRUE.equals(admin.namespaces().getDeduplicationStatus(namespace));
    } catch (PulsarAdminException.NotFoundException e) {
      return false;
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot look up " + namespace + ": " + e.getMessage(), e);
    }
  }

  private static String namespace(String topic) {
    return topic.substring(topic.indexOf("://") + 3, topic.lastIndexOf('/'));
  }

  /** Removes a subscription, whoever still uses it. */
  public void deleteSubscription(String topic, String subscription) {
    attempt(
        "unsubscribe from " + topic,
        () -> {
          try {
            admin.topics().deleteSubscription(topic, subscription, true);
          } catch (PulsarAdminException.NotFoundException e) {
            // Gone already: what was wanted.
          }
        });
  }

  /** Creates the subscription of tasks at the oldest message, so that nothing is deleted unread. */
  public void ensureSubscription(String topic) {
    attempt(
        "subscribe to " + topic,
        () ->
            admin
                .topics()
                .createSubscription(
                    topic,
                    PartitionClaim.SUBSCRIPTION,
                    org.apache.pulsar.client.api.MessageId.earliest));
  }

  /** Returns the partitioned topics of a pipeline; none if it is not there. */
  public List<String> topics(PipelineId pipeline) {
    List<String> topics = new ArrayList<>();
    attempt(
        "list " + pipeline,
        () -> {
          try {
            topics.addAll(admin.topics().getPartitionedTopicList(pipeline.namespace()));
          } catch (PulsarAdminException.NotFoundException e) {
            // A pipeline that is not there has none.
          }
        });
    return topics;
  }

  /**
   * Returns how many bytes wait in a pipeline's source topics and exchanges: what its tasks have
   * not acknowledged, compressed as it is stored. What open windows still need is in it.
   */
  public long backlogBytes(PipelineId pipeline) {
    String prefix = "persistent://" + pipeline.namespace() + "/";
    return topics(pipeline).stream()
        .filter(topic -> topic.startsWith(prefix + "in.") || topic.startsWith(prefix + "x."))
        .mapToLong(topic -> measured(topic, TopicStats::getBacklogSize))
        .sum();
  }

  /** Returns how many bytes a pipeline's topics keep, compressed as they are stored, once each. */
  public long storageBytes(PipelineId pipeline) {
    return topics(pipeline).stream()
        .mapToLong(topic -> measured(topic, TopicStats::getStorageSize))
        .sum();
  }

  private long measured(String topic, ToLongFunction<TopicStats> figure) {
    try {
      return figure.applyAsLong(admin.topics().getPartitionedStats(topic, false));
    } catch (PulsarAdminException.NotFoundException e) {
      return 0; // Deleted meanwhile: nothing is there.
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot measure " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Removes a pipeline's topics and namespace, with all that is in them. */
  public void deletePipeline(PipelineId pipeline) {
    attempt(
        "delete " + pipeline,
        () -> {
          try {
            admin.namespaces().deleteNamespace(pipeline.namespace(), true);
          } catch (PulsarAdminException.NotFoundException e) {
            // Gone already: what was wanted.
          }
        });
  }

  @FunctionalInterface
  private interface Call {
    void run() throws PulsarAdminException;
  }

  private static void attempt(String what, Call call) {
    try {
      call.run();
    } catch (PulsarAdminException.ConflictException e) {
      // There already: what was wanted.
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot " + what + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
