package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The files with a target's prefix that are there, hidden ones left out. */
record Existing(FileStore store, Target target, Cancellation cancellation) {

  Iterator<StoredFile> files() {
    Iterator<StoredFile> all = store.list(target.prefix(), cancellation);
    return new Iterator<>() {
      private @Nullable StoredFile next = find();

      private @Nullable StoredFile find() {
        while (all.hasNext()) {
          StoredFile file = all.next();
          if (isVisible(file.name())) {
            return file;
          }
        }
        return null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public StoredFile next() {
        StoredFile found = next;
        if (found == null) {
          throw new NoSuchElementException();
        }
        next = find();
        return found;
      }
    };
  }

  private boolean isVisible(String name) {
    String rest = name.substring(target.folder().length());
    for (String segment : rest.split("/")) {
      boolean named = !target.base().isEmpty() && rest.startsWith(segment);
      if (!named && (segment.startsWith(".") || segment.startsWith("_"))) {
        return false;
      }
    }
    return true;
  }

  /** Refuses what must not be there. */
  static MillraceException conflict(String file) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        file
            + " is there already, and writeMode nonConflict forbids that: remove it, or write with"
            + " truncate or append");
  }
}
