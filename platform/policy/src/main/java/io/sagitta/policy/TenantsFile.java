package io.sagitta.policy;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.Map;

/** The keys of a file that says which tenants there are, and how much of the platform each gets. */
record TenantsFile(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file holds", example = "Tenants", choices = "Tenants") String kind,
    @Option(
            doc = "The tenants, by name; a pipeline of any other tenant may do nothing",
            example = "{aviation: {purpose: Flights and weather, owner: team-aviation}}",
            keys = Syntax.NAME,
            required = true)
        Map<String, Tenant> tenants) {}
