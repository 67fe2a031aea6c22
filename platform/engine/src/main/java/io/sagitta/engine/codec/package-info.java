/**
 * Turns bytes into Arrow batches and back: the Arrow messages between tasks, the request bodies of
 * clients, and the hashes and gathers that split a batch by key.
 */
@NullMarked
package io.sagitta.engine.codec;

import org.jspecify.annotations.NullMarked;
