package io.millrace.files.read;

import io.millrace.api.Cancellation;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** The files a task means, found name by name. Stateless. */
final class FileList {

  private FileList() {}

  /**
   * Visits each file once, in the order of the names and of the store's listings.
   *
   * @param visitor false ends the visit
   */
  static void visit(
      FileStore store, List<Glob> names, Cancellation cancellation, Predicate<StoredFile> visitor) {
    for (int i = 0; i < names.size(); i++) {
      Glob name = names.get(i);
      List<Glob> before = names.subList(0, i);
      Iterator<StoredFile> found = store.list(name.prefix(), cancellation);
      while (found.hasNext()) {
        StoredFile file = found.next();
        boolean isNew = before.stream().noneMatch(each -> each.matches(file.name()));
        if (isNew && name.matches(file.name()) && !visitor.test(file)) {
          return;
        }
      }
    }
  }
}
