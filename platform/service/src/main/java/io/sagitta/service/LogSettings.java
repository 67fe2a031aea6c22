package io.sagitta.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.LoggingFactory;
import java.util.HashMap;
import java.util.Map;

/** Makes logs short and readable where the configuration does not say otherwise. */
final class LogSettings {
  private static final String FORMAT = "%d{HH:mm:ss.SSS} %-5p %-18.18c{0} %m%n%rEx{full}";

  private static final Map<String, JsonNode> QUIET =
      Map.of(
          "org.apache.pulsar", TextNode.valueOf("WARN"),
          // What fails comes to us as an exception, such as a name in use.
          "org.apache.pulsar.client.impl.ProducerImpl", TextNode.valueOf("OFF"),
          // Warns of what is there already; whatever else fails is an exception too.
          "org.apache.pulsar.client.admin.internal.BaseResource", TextNode.valueOf("OFF"),
          "org.eclipse.jetty", TextNode.valueOf("WARN"),
          "io.dropwizard", TextNode.valueOf("WARN"),
          "org.glassfish", TextNode.valueOf("WARN"),
          // Warns of every resource that is registered as an object, as ours are.
          "org.glassfish.jersey.server.ResourceModelConfigurator", TextNode.valueOf("ERROR"),
          "org.apache.arrow", TextNode.valueOf("WARN"),
          "org.hibernate", TextNode.valueOf("WARN"));

  private LogSettings() {}

  static void complete(LoggingFactory logging) {
    if (logging instanceof DefaultLoggingFactory settings) {
      Map<String, JsonNode> loggers = new HashMap<>(QUIET);
      loggers.putAll(settings.getLoggers());
      settings.setLoggers(loggers);
      for (var appender : settings.getAppenders()) {
        if (appender instanceof AbstractAppenderFactory<?> factory
            && factory.getLogFormat() == null) {
          factory.setLogFormat(FORMAT);
        }
      }
    }
  }
}
