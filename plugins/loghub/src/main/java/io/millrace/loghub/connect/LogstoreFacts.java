package io.millrace.loghub.connect;

/**
 * What the service says of a logstore.
 *
 * @param days for how many it keeps logs
 * @param created when it was created, in seconds since 1970, which no other one of the same name
 *     has; empty when that is not told
 */
public record LogstoreFacts(int days, String created) {

  /** What is known where the account may not ask. */
  public static final LogstoreFacts UNKNOWN = new LogstoreFacts(0, "");
}
