package io.millrace.kafka.read;

/** Where reading begins or ends, before it is resolved to a position of each partition. */
sealed interface Bound {

  /** The oldest message that is kept. */
  record Earliest() implements Bound {}

  /** Behind the newest message that is there. */
  record Latest() implements Bound {}

  /** Where the consumer group stands. */
  record Current() implements Bound {}

  /**
   * The first message of this time or later.
   *
   * @param millis since 1970
   * @param text as the user wrote it
   */
  record AtTime(long millis, String text) implements Bound {}

  /** The same offset of each partition. */
  record AtOffset(long offset) implements Bound {}
}
