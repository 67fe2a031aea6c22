package io.sagitta.policy;

import io.sagitta.definition.options.Option;
import java.util.List;

/** The keys of a file that says what pipelines may reach outside the platform. */
record ConnectorsFile(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file holds", example = "Connectors", choices = "Connectors")
        String kind,
    @Option(
            doc = "What may be reached, in any order: each adds, none takes away",
            example = "[{type: folder, for: [aviation], path: lake/flights, access: [write]}]",
            required = true)
        List<Allowance> allow) {}
