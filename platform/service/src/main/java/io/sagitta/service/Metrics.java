package io.sagitta.service;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.servlet.jakarta.exporter.MetricsServlet;
import jakarta.servlet.Servlet;
import java.util.function.DoubleSupplier;

/**
 * A role's figures for Prometheus; the only class that knows its client library. Names start with
 * {@code sagitta_}, in base units, counters ending in {@code _total}. Labels never hold rows, keys,
 * users or error texts. Thread-safe.
 */
public final class Metrics {
  /** Bounds in seconds for what takes from milliseconds to minutes. */
  private static final double[] LATENCY_SECONDS = {
    .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900
  };

  private final CollectorRegistry registry = new CollectorRegistry(true);

  /** Creates one with the process's own figures in it. */
  public Metrics() {
    new StandardExports().register(registry);
    new MemoryPoolsExports().register(registry);
    new GarbageCollectorExports().register(registry);
    new ThreadExports().register(registry);
    new BufferPoolsExports().register(registry);
  }

  /** A figure that only grows. */
  public static final class Counter {
    private final io.prometheus.client.Counter counter;

    private Counter(io.prometheus.client.Counter counter) {
      this.counter = counter;
    }

    /** Adds {@code amount} ≥ 0 under the labels' values. */
    public void add(double amount, String... values) {
      counter.labels(values).inc(amount);
    }

    /** Returns the sum under the labels' values. */
    public double get(String... values) {
      return counter.labels(values).get();
    }

    /** Forgets what was counted under the labels' values. */
    public void remove(String... values) {
      counter.remove(values);
    }
  }

  /** A figure that rises and falls. */
  public static final class Gauge {
    private final io.prometheus.client.Gauge gauge;

    private Gauge(io.prometheus.client.Gauge gauge) {
      this.gauge = gauge;
    }

    /** Sets the figure under the labels' values. */
    public void set(double figure, String... values) {
      gauge.labels(values).set(figure);
    }

    /** Adds {@code amount}, which may be negative, under the labels' values. */
    public void add(double amount, String... values) {
      gauge.labels(values).inc(amount);
    }

    /** Computes the figure under the labels' values whenever it is asked for. */
    public void follow(DoubleSupplier figure, String... values) {
      gauge.setChild(
          new io.prometheus.client.Gauge.Child() {
            @Override
            public double get() {
              return figure.getAsDouble();
            }
          },
          values);
    }

    /** Forgets the figure under the labels' values. */
    public void remove(String... values) {
      gauge.remove(values);
    }
  }

  /** How figures are spread. */
  public static final class Histogram {
    private final io.prometheus.client.Histogram histogram;

    private Histogram(io.prometheus.client.Histogram histogram) {
      this.histogram = histogram;
    }

    /** Counts one figure under the labels' values. */
    public void observe(double figure, String... values) {
      histogram.labels(values).observe(figure);
    }

    /** Forgets what was counted under the labels' values. */
    public void remove(String... values) {
      histogram.remove(values);
    }
  }

  /** Registers a counter; its name ends in {@code _total}. */
  public Counter counter(String name, String help, String... labels) {
    return new Counter(
        io.prometheus.client.Counter.build(name, help).labelNames(labels).register(registry));
  }

  /** Registers a gauge. */
  public Gauge gauge(String name, String help, String... labels) {
    return new Gauge(
        io.prometheus.client.Gauge.build(name, help).labelNames(labels).register(registry));
  }

  /** Registers a histogram with upper bounds {@code bounds}. */
  public Histogram histogram(String name, String help, double[] bounds, String... labels) {
    return new Histogram(
        io.prometheus.client.Histogram.build(name, help)
            .buckets(bounds)
            .labelNames(labels)
            .register(registry));
  }

  /** Registers a histogram of seconds, from 5 ms to 15 min. */
  public Histogram seconds(String name, String help, String... labels) {
    return histogram(name, help, LATENCY_SECONDS, labels);
  }

  Servlet servlet() {
    // The client library adds a series _created to each counter; nobody asks for it.
    return new MetricsServlet(registry, name -> !name.endsWith("_created"));
  }
}
