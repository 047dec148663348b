package io.millrace.files.read;

import io.millrace.api.Cancellation;
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

/**
 * The files a task means, found name by name.
 *
 * @param paths what the task wrote
 * @param syntax what counts in them
 */
record FileList(
    FileStore store, List<PathText> paths, PathSyntax syntax, Cancellation cancellation) {

  /**
   * What was found besides the files.
   *
   * @param idle the names that no file fits
   * @param again the files that were reached once more, and left out there, as people call them
   * @param hidden how many fit and are hidden
   */
  record Found(List<String> idle, List<String> again, int hidden) {}

  /**
   * Visits each file once, in the order of the names and of the store's listings. One that has
   * several names in the store, or fits several of the task's, is met where it comes first.
   *
   * @param visitor false ends the visit
   * @throws MillraceException also when a name cannot be understood
   */
  Found visit(Predicate<StoredFile> visitor) {
    Set<String> names = new HashSet<>();
    Set<String> contents = new HashSet<>();
    List<String> idle = new ArrayList<>();
    List<String> again = new ArrayList<>();
    int[] hidden = new int[1];
    boolean ended =
        !names(
            (glob, exact) -> {
              Iterator<StoredFile> found =
                  exact
                      .map(List::of)
                      .map(List::iterator)
                      .orElseGet(() -> store.list(glob.prefix(), cancellation));
              boolean any = false;
              while (found.hasNext()) {
                StoredFile file = found.next();
                if (!glob.fits(file.name())) {
                  continue;
                }
                if (glob.passesOver(file.name())) {
                  hidden[0]++;
                  continue;
                }
                any = true;
                if (!names.add(file.name()) || !contents.add(store.identity(file))) {
                  again.add(store.describe(file.name()));
                } else if (!visitor.test(file)) {
                  return false;
                }
              }
              if (!any) {
                idle.add(store.describe(glob.text()));
              }
              return true;
            });
    return ended ? new Found(List.of(), List.of(), 0) : new Found(idle, again, hidden[0]);
  }

  /** Every name as it is understood; one that is a file's or a folder's own means just that. */
  List<Glob> globs() {
    List<Glob> globs = new ArrayList<>();
    names(
        (glob, exact) -> {
          globs.add(glob);
          return true;
        });
    return globs;
  }

  /** Takes a name and the file that it names exactly, if it does. */
  private interface NameVisitor {
    boolean visit(Glob name, Optional<StoredFile> exact);
  }

  private boolean names(NameVisitor visitor) {
    for (PathText path : paths) {
      boolean list = !path.parts().equals(List.of(path.whole()));
      Optional<StoredFile> whole = list ? exact(path.whole()) : Optional.empty();
      if (whole.isPresent()) {
        if (!visitor.visit(Glob.exactly(path.whole()), whole)) {
          return false;
        }
        continue;
      }
      for (String part : path.parts()) {
        Optional<StoredFile> exact = exact(part);
        Glob glob = exact.isPresent() ? Glob.exactly(part) : glob(part);
        if (!visitor.visit(glob, exact)) {
          return false;
        }
      }
    }
    return true;
  }

  private Glob glob(String part) {
    boolean plain = part.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0);
    if (!plain && store.isFolder(part, cancellation)) {
      return Glob.folder(part);
    }
    try {
      return Glob.of(part, syntax);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "option 'path': " + e.getMessage(), e);
    }
  }

  /** The file that has exactly this name. */
  private Optional<StoredFile> exact(String name) {
    if (name.isEmpty() || name.endsWith("/")) {
      return Optional.empty();
    }
    try {
      return store.find(name, cancellation);
    } catch (MillraceException e) {
      cancellation.throwIfCancelled();
      boolean refused =
          e.errorCode() == StandardError.ACCESS_DENIED
              || e.errorCode() == StandardError.READ_REFUSED;
      if (!refused) {
        throw e;
      }
      // It may be no name at all, or one that may be listed and not be looked at.
      Iterator<StoredFile> listed = store.list(name, cancellation);
      Optional<StoredFile> first = listed.hasNext() ? Optional.of(listed.next()) : Optional.empty();
      return first.filter(file -> file.name().equals(name));
    }
  }
}
