package io.sagitta.node.task;

import java.util.Map;
import java.util.TreeMap;

/** All topics and journals of a pipeline. */
final class MemoryPulsar {
  private final Chance chance;
  private final Map<String, MemoryTopic> topics = new TreeMap<>();
  private final Map<String, MemoryJournal> journals = new TreeMap<>();

  MemoryPulsar(Chance chance) {
    this.chance = chance;
  }

  /** Returns the topic {@code name}, a partition. */
  MemoryTopic topic(String name) {
    return topics.computeIfAbsent(name, n -> new MemoryTopic(chance));
  }

  MemoryJournal journal(String name) {
    return journals.computeIfAbsent(name, n -> new MemoryJournal(chance));
  }

  /** Deletes what is acknowledged, here and there. */
  void trim() {
    topics.values().stream().filter(topic -> chance.oneIn(2)).forEach(MemoryTopic::trim);
    journals.values().stream().filter(journal -> chance.oneIn(2)).forEach(MemoryJournal::trim);
  }

  /** Returns how many messages and records there ever were. */
  long written() {
    return topics.values().stream().mapToLong(topic -> topic.all().size()).sum()
        + journals.values().stream().mapToLong(MemoryJournal::appended).sum();
  }
}
