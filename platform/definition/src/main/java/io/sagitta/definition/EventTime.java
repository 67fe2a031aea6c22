package io.sagitta.definition;

import java.time.Duration;
import java.util.Optional;

/**
 * Which column says when a row happened, and how long to wait for stragglers.
 *
 * @param field a timestamp column of the source
 * @param maxLateness how far behind the newest row of its partition a row may be and still count
 * @param idleAfter after how long without rows a partition no longer holds windows open; never if
 *     empty
 */
public record EventTime(String field, Duration maxLateness, Optional<Duration> idleAfter) {}
