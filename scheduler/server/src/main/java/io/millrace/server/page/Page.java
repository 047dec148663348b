package io.millrace.server.page;

import java.util.List;

/**
 * One page of a list.
 *
 * @param items what is on it
 * @param page which one, from 1
 * @param size how many are on a full one
 * @param total how many there are in all
 */
public record Page<T>(List<T> items, int page, int size, long total) {

  public Page {
    items = List.copyOf(items);
  }

  public static <T> Page<T> of(List<T> items, PageRequest request, long total) {
    return new Page<>(items, request.page(), request.size(), total);
  }
}
