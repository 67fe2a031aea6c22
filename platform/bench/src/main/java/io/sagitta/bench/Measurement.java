package io.sagitta.bench;

/** One thing that is measured, both sides of its ratio in the same run. */
interface Measurement {
  /** Returns the word that asks for it, and that marks its block in the document. */
  String name();

  /** Measures, and says in {@code report} what came out. */
  void run(Report report) throws Exception;
}
