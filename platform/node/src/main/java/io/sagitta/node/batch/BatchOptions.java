package io.sagitta.node.batch;

import java.nio.file.Path;

/**
 * Where and with how much a run works.
 *
 * @param run names the run among those of its pipeline
 * @param quarantine the folder for rows that were refused, as {@code <run>.parquet}; created when
 *     there are any
 * @param scratch an existing folder for this run alone
 * @param threads how many cores to use
 * @param memoryBytes the most memory that the run's engine may take; beyond it uses the scratch
 *     folder
 */
public record BatchOptions(
    String run, Path quarantine, Path scratch, int threads, long memoryBytes) {}
