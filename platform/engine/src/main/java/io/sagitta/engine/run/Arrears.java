package io.sagitta.engine.run;

import io.sagitta.engine.run.Ledger.Figure;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Books and sends to quarantine the rows that a keyed or windowed stage cannot take any more. */
record Arrears(String stage, Ledger ledger, QuarantineBuffer quarantine) {

  /** Turns away a row that came too late. */
  void late(VectorSchemaRoot batch, int row, long watermark) {
    ledger.add(stage, Figure.LATE, 1);
    quarantine.add(
        stage,
        QuarantineBuffer.LATE,
        Optional.of("the watermark stood at " + Times.instant(watermark)),
        batch,
        row);
  }

  /** Turns away a row without an event time. */
  void timeless(VectorSchemaRoot batch, int row) {
    ledger.add(stage, Figure.QUARANTINED, 1);
    quarantine.add(
        stage, QuarantineBuffer.NO_EVENT_TIME, Optional.of("it has no event time"), batch, row);
  }
}
