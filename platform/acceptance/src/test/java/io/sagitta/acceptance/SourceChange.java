package io.sagitta.acceptance;

/**
 * Some words of one of the platform's source files, and what stands there instead in a node that is
 * attacked: a bug, or the place at which a fault is aimed.
 *
 * @param file from {@code platform/} on
 * @param stands what stands there, at least once
 * @param instead what stands there instead
 */
record SourceChange(String file, String stands, String instead) {}
