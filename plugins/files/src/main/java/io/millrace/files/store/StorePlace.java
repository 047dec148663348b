package io.millrace.files.store;

/**
 * Which store it is, so that two ends of a task can be compared.
 *
 * @param where how the store is reached, or whose it is
 * @param name of the bucket; two stores that are reached in different ways may hold the same one
 */
public record StorePlace(String where, String name) {

  /** The local file system. */
  public static final StorePlace LOCAL = new StorePlace("local", "");
}
