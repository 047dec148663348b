package io.millrace.kafka.value;

/**
 * What a number since 1970 counts that is read as a TIMESTAMP.
 *
 * @param micros how many microseconds one of it is
 * @param inText whether a number that is text is one; otherwise only one of JSON is, since nobody
 *     has said what it counts
 */
public record NumberUnit(long micros, boolean inText) {

  /** Milliseconds, as Kafka itself counts. */
  public static final NumberUnit KAFKAS_OWN = new NumberUnit(1000, false);
}
