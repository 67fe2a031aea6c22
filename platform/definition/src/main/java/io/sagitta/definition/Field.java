package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.Optional;

/** One declared column. */
public record Field(
    @Option(doc = "The column's name", syntax = Syntax.COLUMN) String name,
    @Option(doc = "The type of its values", example = "int32") DataType type,
    @Option(doc = "The unit its numbers are in", example = "mi") Optional<String> unit,
    @Option(doc = "Whether a row without a value goes to quarantine", defaultValue = "false")
        boolean required,
    @Option(doc = "Whether values are masked wherever people look at rows", defaultValue = "false")
        boolean sensitive) {}
