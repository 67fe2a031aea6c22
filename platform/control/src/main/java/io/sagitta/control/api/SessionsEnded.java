package io.sagitta.control.api;

/**
 * What came of ending a person's sessions.
 *
 * @param person whose
 * @param ended how many there were
 */
public record SessionsEnded(String person, int ended) {}
