package io.millrace.loghub.connect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;

/**
 * Cursors of one shard. The service calls them opaque, but they are numbers in Base64 that rise
 * with the log groups, as its own client counts on; where one cannot be read, nothing is concluded.
 */
public final class Cursors {

  private Cursors() {}

  /** How many log groups lie between: negative when {@code to} comes first; empty when unknown. */
  public static OptionalLong distance(String from, String to) {
    OptionalLong first = number(from);
    OptionalLong second = number(to);
    return first.isPresent() && second.isPresent()
        ? OptionalLong.of(second.getAsLong() - first.getAsLong())
        : OptionalLong.empty();
  }

  private static OptionalLong number(String cursor) {
    try {
      byte[] decoded = Base64.getDecoder().decode(cursor);
      long number = Long.parseLong(new String(decoded, StandardCharsets.US_ASCII));
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }
}
