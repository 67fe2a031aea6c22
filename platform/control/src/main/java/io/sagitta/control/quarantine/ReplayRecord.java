package io.sagitta.control.quarantine;

import java.util.List;

/**
 * Rows of quarantine that go back to one partition of a source in one message, in the pipeline's
 * log of replays. It is written before the message is sent, and once more when Pulsar has it.
 *
 * @param number from 1, growing by one; the message's sequence number
 * @param sent whether Pulsar has the message
 * @param arrivalMicros the event time of the rows if their source declares none
 * @param positions the rows' places in quarantine
 * @param rows as JSON objects; none in the record that says that they were sent
 * @param mended which of the rows somebody has changed
 * @param at ISO-8601
 */
public record ReplayRecord(
    long number,
    boolean sent,
    String source,
    int partition,
    long arrivalMicros,
    List<String> positions,
    List<String> rows,
    List<String> mended,
    String author,
    String at) {
  public ReplayRecord {
    positions = List.copyOf(positions);
    rows = List.copyOf(rows);
    mended = List.copyOf(mended);
  }

  /** Returns this without what only sending it needs. */
  ReplayRecord withoutRows() {
    return new ReplayRecord(
        number, sent, source, partition, arrivalMicros, positions, List.of(), mended, author, at);
  }

  /** Returns the record that says that the message was sent. */
  ReplayRecord asSent(String time) {
    return new ReplayRecord(
        number,
        true,
        source,
        partition,
        arrivalMicros,
        List.of(),
        List.of(),
        List.of(),
        author,
        time);
  }
}
