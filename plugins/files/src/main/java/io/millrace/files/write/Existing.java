package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
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

  /**
   * Refuses to write where a file stands that must not be there: any with nonConflict, and with
   * append the one that a single file would replace.
   *
   * @param own names that the instance itself has published or will
   */
  void requireFree(WriteOptions options, Set<String> own) {
    if (options.mode() == WriteMode.NON_CONFLICT) {
      visit(
          name -> {
            if (!own.contains(name)) {
              throw conflict(
                  name, "nonConflict forbids that: remove it, or write with truncate or append");
            }
            return true;
          });
    } else if (options.mode() == WriteMode.APPEND && options.single()) {
      String name = target.prefix();
      if (!own.contains(name) && store.find(name, cancellation).isPresent()) {
        throw conflict(name, "append leaves it: give another name, or write with truncate");
      }
    }
  }

  private MillraceException conflict(String name, String why) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        store.describe(name) + " is there already, and writeMode " + why);
  }

  /**
   * The files that an instance was publishing when it ended, or has published and not said so. A
   * run that resumes must not take them for somebody else's.
   */
  Set<String> beingPublished() {
    Set<String> names = new HashSet<>();
    Iterator<StoredFile> files = store.list(target.areas(), cancellation);
    while (files.hasNext()) {
      String name = files.next().name();
      if (name.endsWith("/" + Publishing.MANIFEST)) {
        store
            .get(name, cancellation)
            .ifPresent(content -> Manifest.of(content).files().forEach(f -> names.add(f.name())));
      }
    }
    return names;
  }
}
