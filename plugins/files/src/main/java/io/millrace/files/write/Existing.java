package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.util.Iterator;
import java.util.function.Predicate;

/** The files of a target that are there. */
record Existing(FileStore store, Target target, Cancellation cancellation) {

  /**
   * Visits them.
   *
   * @param visitor false ends the visit
   */
  void visit(Predicate<String> visitor) {
    boolean flat = !target.deep() && target.partitions().isEmpty();
    Iterator<StoredFile> files =
        flat
            ? store.listFolder(target.prefix(), cancellation)
            : store.list(target.prefix(), cancellation);
    while (files.hasNext()) {
      String name = files.next().name();
      if (target.covers(name) && !visitor.test(name)) {
        return;
      }
    }
  }

  /** Refuses what nonConflict does not allow. */
  void requireNone() {
    visit(
        name -> {
          throw conflict(store.describe(name));
        });
  }

  static MillraceException conflict(String file) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        file
            + " is there already, and writeMode nonConflict forbids that: remove it, or write with"
            + " truncate or append");
  }
}
