package io.sagitta.gateway.ingest;

import io.dropwizard.core.setup.Environment;
import io.sagitta.gateway.catalog.Catalog;
import io.sagitta.service.Metrics;
import io.sagitta.service.Shares;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/** Puts ingest together. */
public final class IngestRoutes {
  private static final Duration KEEP_NAMED = Duration.ofSeconds(10);

  /**
   * Of the 128 threads of a role's server: the rest is for readers of streams and the admin port.
   */
  private static final int MOST_BODIES = 96;

  private static final int MOST_BODIES_OF_TENANT = 64;

  private IngestRoutes() {}

  /**
   * Registers the routes below {@code /v1/sources}.
   *
   * @param quotas gives the rows a second that a tenant may send; empty for any number
   * @param allocator where rows live while they are decoded; stays the caller's
   */
  public static void register(
      Environment environment,
      Metrics metrics,
      IngestSettings settings,
      Catalog catalog,
      Function<String, Optional<Long>> quotas,
      PulsarConnection connection,
      BufferAllocator allocator) {
    Producers producers = new Producers(connection, KEEP_NAMED);
    environment.lifecycle().manage(producers);
    MemoryBudget budget = new MemoryBudget(settings.getMemory().toBytes());
    BodyReader bodies =
        new BodyReader(settings.getMaxBody().toBytes(), settings.getMaxExpanded().toBytes());
    BodySlots slots = new BodySlots(new Shares(MOST_BODIES, MOST_BODIES_OF_TENANT));
    Ingest ingest = new Ingest(producers, allocator, Clock.systemUTC());
    IngestMetrics counts = new IngestMetrics(metrics, budget);
    catalog.whenGone(counts::forget);
    catalog.whenGone(pipeline -> producers.forget(Topics.source(pipeline, "")));
    TenantRates rates = new TenantRates(quotas, System::nanoTime);
    environment
        .jersey()
        .register(new SourceResource(catalog, slots, bodies, budget, ingest, rates, counts));
  }
}
