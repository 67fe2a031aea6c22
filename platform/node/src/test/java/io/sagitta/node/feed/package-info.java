/** Tests of feeders, and of the tasks behind them, on a real Pulsar. */
@NullMarked
package io.sagitta.node.feed;

import org.jspecify.annotations.NullMarked;
