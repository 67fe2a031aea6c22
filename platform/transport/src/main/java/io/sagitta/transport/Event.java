package io.sagitta.transport;

/**
 * Something notable that happened to a pipeline.
 *
 * @param at ISO-8601
 * @param level INFO, WARN or ERROR
 * @param origin the process that says so
 */
public record Event(
    String at, String tenant, String pipeline, String level, String origin, String text) {}
