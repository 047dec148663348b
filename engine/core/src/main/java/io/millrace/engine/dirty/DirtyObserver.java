package io.millrace.engine.dirty;

/** Sees dirty records as they are kept. Called by several threads. */
@FunctionalInterface
public interface DirtyObserver {

  /**
   * One record was kept.
   *
   * @param type {@code reader} or {@code writer}
   * @param reason why, in words
   * @param line the record as it stands in the file, a line of JSON
   */
  void kept(String type, String reason, String line);
}
