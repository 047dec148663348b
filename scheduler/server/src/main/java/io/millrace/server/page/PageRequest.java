package io.millrace.server.page;

/**
 * Which page of a list is wanted.
 *
 * @param page from 1
 * @param size how many on a page
 */
public record PageRequest(int page, int size) {

  /** How many there are on a page when nothing is said. */
  public static final int SIZE = 50;

  /** The largest page. */
  public static final int LARGEST = 500;

  /**
   * The last page that can be asked for: beyond, a filter or a {@link Cursor} is the better way.
   */
  public static final int LAST_PAGE = 1_000_000;

  /** How many rows come before. */
  public long offset() {
    return (page - 1L) * size;
  }
}
