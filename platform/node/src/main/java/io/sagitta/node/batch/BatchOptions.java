package io.sagitta.node.batch;

import io.sagitta.connectors.Reach;
import java.nio.file.Path;

/**
 * Where and with how much a run works.
 *
 * @param reach what the pipeline may reach
 * @param run names the run among those of its pipeline
 * @param quarantine the folder for rows that were refused, as {@code <run>.parquet}; created when
 *     there are any
 * @param scratch an existing folder for this run alone
 * @param threads how many cores to use
 * @param memoryBytes the most memory that the run's engine may take; beyond it uses the scratch
 *     folder
 */
public record BatchOptions(
    Reach reach, String run, Path quarantine, Path scratch, int threads, long memoryBytes) {}
