package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The files of a target that are there. */
record Existing(FileStore store, Target target, Cancellation cancellation) {

  /** Names that are told. */
  private static final int SHOWN = 3;

  /** Whoever removes more knows that it is much. */
  private static final int MOST_COUNTED = 100_000;

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
   * Says how many files truncate will remove, with the first names.
   *
   * @param own names that the instance itself has published
   * @return empty when there are none
   */
  Optional<String> removal(WriteOptions options, Set<String> own) {
    if (options.mode() != WriteMode.TRUNCATE) {
      return Optional.empty();
    }
    List<String> first = new ArrayList<>();
    int[] count = new int[1];
    visit(
        name -> {
          if (!own.contains(name)) {
            count[0]++;
            if (first.size() < SHOWN) {
              first.add(store.describe(name));
            }
          }
          return count[0] < MOST_COUNTED;
        });
    if (count[0] == 0) {
      return Optional.empty();
    }
    String number =
        (count[0] < MOST_COUNTED ? "" : "at least ") + Counted.of(count[0], "file", "files");
    return Optional.of(
        "writeMode truncate will remove "
            + number
            + " once the new ones are complete: "
            + String.join(", ", first)
            + (count[0] > first.size() ? ", \u2026" : ""));
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
        throw conflict(
            name,
            "append adds nothing to a single file: give another name, or replace it with truncate");
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
