package io.sagitta.policy;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a file that says who there is. */
record SubjectsFile(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file holds", example = "Subjects", choices = "Subjects") String kind,
    @Option(
            doc = "People, by the name that identifies them",
            example = "{ada: {name: Ada Lovelace}}",
            keys = Syntax.NAME)
        Map<String, PersonKeys> people,
    @Option(
            doc = "Programs outside the platform, by the name that identifies them",
            example = "{dashboard: {purpose: Shows punctuality in the hall}}",
            keys = Syntax.NAME)
        Map<String, ServiceKeys> services,
    @Option(
            doc = "Groups of them, by name",
            example = "{team-aviation: {members: [ada]}}",
            keys = Syntax.NAME)
        Map<String, GroupKeys> groups) {

  /** A person. */
  record PersonKeys(
      @Option(doc = "The full name, for those who read the audit log", example = "Ada Lovelace")
          String name) {}

  /** A program outside the platform. */
  record ServiceKeys(
      @Option(doc = "What it is for", example = "Shows punctuality in the hall") String purpose) {}

  /** A group. */
  record GroupKeys(
      @Option(
              doc = "People, services and other groups; groups nest at most 8 deep",
              example = "[ada, team-weather]",
              syntax = Syntax.NAME,
              required = true)
          List<String> members,
      @Option(doc = "What it is for", example = "Runs the aviation pipelines")
          Optional<String> purpose) {
    GroupKeys {
      members = List.copyOf(members);
    }
  }
}
