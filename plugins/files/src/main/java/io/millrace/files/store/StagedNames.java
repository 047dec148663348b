package io.millrace.files.store;

import java.time.Instant;

/**
 * Which staged files are an instance's own. A store may hold those of others whose names begin
 * alike.
 *
 * @param prefix what the names begin with
 * @param tag what the names hold; empty where the one name is the prefix itself
 * @param before files that were begun later are another instance's
 */
public record StagedNames(String prefix, String tag, Instant before) {

  /** Whether a file is one of them. */
  public boolean has(String name, Instant begun) {
    boolean named = tag.isEmpty() ? name.equals(prefix) : name.contains(tag);
    return named && name.startsWith(prefix) && begun.isBefore(before);
  }
}
