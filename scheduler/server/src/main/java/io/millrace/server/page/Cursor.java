package io.millrace.server.page;

import io.millrace.server.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a long list goes on: after the row with this sort value and number. Unlike a page it stays
 * right while rows are added in front, and the last part costs no more than the first.
 *
 * <pre>{@code
 * WHERE (created_at < :value OR (created_at = :value AND id < :id)) ORDER BY created_at DESC, id DESC
 * }</pre>
 *
 * @param value the value that the list is sorted by, a number such as an instant
 * @param id the number of the row, which makes the order total
 */
public record Cursor(long value, long id) {

  /** Opaque to clients. */
  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((value + ":" + id).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * What {@link #text} made.
   *
   * @throws ProblemException 400 when it did not
   */
  public static Cursor of(String field, String text) {
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(":", -1);
      if (parts.length == 2) {
        return new Cursor(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
      }
    } catch (IllegalArgumentException e) {
      // Told below, the same for every way of being wrong.
    }
    throw ProblemException.field(field, "is not a cursor that a list has given");
  }
}
