package io.sagitta.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.control.apply.Applied;
import io.sagitta.control.apply.ApplyRequest;
import io.sagitta.control.apply.Change;
import io.sagitta.control.apply.PlanReport;
import io.sagitta.control.apply.ProblemLine;
import io.sagitta.control.quarantine.QuarantineList;
import io.sagitta.control.quarantine.QuarantinedRow;
import io.sagitta.control.quarantine.ReplayOrder;
import io.sagitta.control.quarantine.ReplayReport;
import io.sagitta.control.status.Backlog;
import io.sagitta.control.status.PipelineStatus;
import io.sagitta.control.status.PipelineSummary;
import io.sagitta.control.status.StageLine;
import io.sagitta.control.status.TaskLine;
import io.sagitta.engine.Counts;
import io.sagitta.transport.Backpressure;
import io.sagitta.transport.Event;
import io.sagitta.transport.StorageHold;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private static JsonNode description() throws IOException {
    return new ObjectMapper().readTree(new OpenApiResource().get());
  }

  @Test
  void paths_areThoseOfTheResources() throws Exception {
    Set<String> described = new TreeSet<>();
    description()
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            described.add(method + " " + path.getKey());
                          }
                        }));
    Set<String> served = new TreeSet<>();
    for (Class<?> resource : Resources.ALL) {
      for (Method method : resource.getMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            served.add(verb.value().toLowerCase(Locale.ROOT) + " " + path(resource, method));
          }
        }
      }
    }
    assertThat(described).isEqualTo(served).isNotEmpty();
  }

  private static String path(Class<?> resource, Method method) {
    Path below = method.getAnnotation(Path.class);
    return resource.getAnnotation(Path.class).value() + (below == null ? "" : below.value());
  }

  static List<Class<?>> records() {
    return List.of(
        ApplyRequest.class,
        Applied.class,
        PlanReport.class,
        PlanReport.NewTopic.class,
        PlanReport.SinkPromise.class,
        Change.class,
        ProblemLine.class,
        PipelineList.class,
        PipelineSummary.class,
        Backlog.class,
        Backpressure.class,
        StorageHold.class,
        PipelineStatus.class,
        PipelineDetail.class,
        TaskLine.class,
        StageLine.class,
        Counts.class,
        EventList.class,
        Event.class,
        DesiredChange.class,
        RollbackOrder.class,
        TapOrder.class,
        QuarantineList.class,
        QuarantineList.ReasonCount.class,
        QuarantinedRow.class,
        ReplayOrder.class,
        ReplayOrder.MendedRow.class,
        ReplayReport.class,
        ReplayReport.Stayed.class,
        PolicyText.class,
        GrantReport.class,
        PolicyOrder.class,
        IssuedToken.class,
        PipelineTokens.class,
        PipelineTokenOrder.class,
        LoginOrder.class,
        SessionView.class,
        SessionList.class,
        SessionLine.class,
        SessionsEnded.class);
  }

  @ParameterizedTest
  @MethodSource("records")
  void properties_areThoseOfTheRecords(Class<?> type) throws Exception {
    Set<String> described = new TreeSet<>();
    description()
        .path("components")
        .path("schemas")
        .path(type.getSimpleName())
        .path("properties")
        .fieldNames()
        .forEachRemaining(described::add);
    assertThat(described).isEqualTo(components(type));
  }

  private static Set<String> components(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        names.addAll(components(component.getType()));
      } else {
        names.add(component.getName());
      }
    }
    return names;
  }

  @Test
  void references_areResolved() throws Exception {
    JsonNode description = description();
    List<String> references = description.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(description.at(reference.substring(1)).isObject()).as(reference).isTrue();
    }
  }
}
