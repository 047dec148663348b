package io.millrace.server.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list that is walked by cursor.
 *
 * @param items what is in it
 * @param next the cursor of the next part; null at the end
 */
public record Slice<T>(List<T> items, @Nullable String next) {

  public Slice {
    items = List.copyOf(items);
  }
}
