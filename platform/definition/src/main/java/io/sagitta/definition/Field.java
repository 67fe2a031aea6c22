package io.sagitta.definition;

import java.util.Optional;

/**
 * One declared column.
 *
 * @param name the column's name
 * @param type the type of its values
 * @param unit the unit its numbers are in, such as {@code mi}
 * @param required whether a row without a value goes to quarantine
 * @param sensitive whether values are masked wherever people look at rows
 */
public record Field(
    String name, DataType type, Optional<String> unit, boolean required, boolean sensitive) {}
