package io.sagitta.service.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A walk along the chain, which notes where it is broken. */
final class AuditChain {
  private static final int MOST_PROBLEMS = 20;

  private final List<AuditHead> heads;
  private final Set<AuditHead> met = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private Optional<AuditHead> last = Optional.empty();
  private long records;
  private long first;

  /** Begins a walk that should meet each of {@code heads}. */
  AuditChain(List<AuditHead> heads) {
    this.heads = List.copyOf(heads);
  }

  void file(Path file) throws IOException {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        line(file.getFileName() + ":" + number, line);
      }
    } catch (CharacterCodingException e) {
      problem(file.getFileName() + ": holds bytes that no log has");
    }
  }

  private void line(String place, String line) {
    Optional<AuditRecord> parsed = AuditRecord.parse(line);
    if (parsed.isEmpty()) {
      problem(place + ": is no record");
      return;
    }
    AuditRecord record = parsed.get();
    if (last.isEmpty()) {
      first = record.n();
      if (record.n() == 1 && !record.prev().equals(AuditRecord.NOTHING_BEFORE)) {
        problem(place + ": is the first record, and says that there was one before");
      }
    } else if (record.n() != last.get().n() + 1) {
      problem("%s: record %d follows record %d".formatted(place, record.n(), last.get().n()));
    } else if (!record.prev().equals(last.get().hash())) {
      problem(
          "%s: record %d does not fit the one before: one of them was changed"
              .formatted(place, record.n()));
    }
    records++;
    AuditHead here = new AuditHead(record.n(), AuditRecord.hash(line));
    heads.stream().filter(here::equals).forEach(met::add);
    last = Optional.of(here);
  }

  private void problem(String text) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(text);
    }
  }

  AuditFolder.Report report() {
    for (AuditHead head : heads) {
      if (!met.contains(head)) {
        problem(
            last.isEmpty() || last.get().n() < head.n()
                ? "the end is missing: there was a record %d, and the last one here is %d"
                    .formatted(head.n(), last.map(AuditHead::n).orElse(0L))
                : "record %d is not the one that was written".formatted(head.n()));
      }
    }
    return new AuditFolder.Report(records, first, last, problems);
  }
}
