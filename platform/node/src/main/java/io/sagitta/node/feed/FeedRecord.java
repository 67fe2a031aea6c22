package io.sagitta.node.feed;

/**
 * What a feeder's log keeps of a chunk, written before the chunk is published.
 *
 * @param chunk numbered from 1 without gaps
 * @param before the reader's position before the chunk: reading from there gives it again
 * @param end whether, instead of rows, it is the end of the source
 */
record FeedRecord(long chunk, String before, boolean end) {}
