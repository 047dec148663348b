package io.millrace.scheduler.audit;

import java.util.List;

/**
 * A part of a longer list.
 *
 * @param offset how many items stand before it
 * @param total how many items there are in all
 */
public record Page<T>(List<T> items, int offset, long total) {

  public Page {
    items = List.copyOf(items);
  }
}
