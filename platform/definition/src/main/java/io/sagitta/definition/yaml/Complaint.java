package io.sagitta.definition.yaml;

/** One thing wrong with a text, and how to mend it. */
public record Complaint(Position at, String message) {}
