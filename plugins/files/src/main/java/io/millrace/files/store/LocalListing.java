package io.millrace.files.store;

import io.millrace.api.Cancellation;
import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The files below a folder whose path begins with a prefix; holds one folder of each level. */
final class LocalListing implements Iterator<StoredFile> {

  /** Links that lead to folders with such links double their files with each level. */
  private static final int MOST_WAYS = 1000;

  private final LocalFiles files;
  private final String prefix;
  private final int maxDepth;
  private final Cancellation cancellation;
  private final Deque<Level> open = new ArrayDeque<>();

  /** How often each folder was entered that several links may lead to. */
  private final Map<Object, Integer> entered = new HashMap<>();

  private @Nullable StoredFile next;

  /** A folder that is being listed, and who it is whatever its name. */
  private record Level(Iterator<Path> entries, @Nullable Object key) {}

  /**
   * @param files which files are in reach
   * @param maxDepth folders below it are refused; 1 to look into none
   */
  LocalListing(LocalFiles files, String prefix, int maxDepth, Cancellation cancellation) {
    this.files = files;
    this.prefix = prefix;
    this.maxDepth = maxDepth;
    this.cancellation = cancellation;
    Path folder = Path.of(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (Files.isDirectory(files.allowed(folder))) {
      enterFirst(folder);
    }
    next = find();
  }

  private void enterFirst(Path folder) {
    try {
      Object key = Files.readAttributes(files.allowed(folder), BasicFileAttributes.class).fileKey();
      open.push(new Level(entries(folder), key));
    } catch (NoSuchFileException e) {
      // Gone since it was looked at: another task has ended and removed its area.
    } catch (IOException e) {
      throw LocalErrors.of(e, "list", folder);
    }
  }

  private Iterator<Path> entries(Path folder) {
    cancellation.throwIfCancelled();
    List<Path> found = new ArrayList<>();
    try {
      for (Path name : files.names(folder)) {
        // By the name that the task gave, links included: patterns are compared with it.
        Path each = folder.resolve(name);
        if (open.isEmpty() && !each.toString().startsWith(prefix)) {
          continue;
        }
        found.add(each);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return found.iterator(); // gone since the folder above was listed
    } catch (IOException e) {
      throw LocalErrors.of(e, "list", folder);
    }
    Collections.sort(found);
    return found.iterator();
  }

  private @Nullable StoredFile find() {
    while (!open.isEmpty()) {
      Iterator<Path> folder = open.element().entries();
      if (!folder.hasNext()) {
        open.pop();
        continue;
      }
      Path path = folder.next();
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(reached(path), BasicFileAttributes.class);
        if (attributes.isDirectory()) {
          Object key = attributes.fileKey();
          // A link to a folder above would give the same files again.
          boolean above = key != null && open.stream().anyMatch(level -> key.equals(level.key()));
          if (!above && maxDepth > 1) {
            enter(path, key);
          }
        } else if (attributes.isRegularFile()) {
          return stored(path, attributes);
        }
      } catch (NoSuchFileException e) {
        // Gone since its folder was listed, or a link to nothing.
        continue;
      } catch (IOException e) {
        throw LocalErrors.of(e, "list", path);
      }
    }
    return null;
  }

  /**
   * Where an entry of a folder leads. A link out of reach is refused and not passed over: what lies
   * behind it would be left out in silence.
   *
   * @throws NoSuchFileException when it is a link to nothing
   */
  private Path reached(Path path) throws IOException {
    boolean link = files.isBound() && Files.isSymbolicLink(path);
    if (!link) {
      return path;
    }
    path.toRealPath();
    return files.allowed(path);
  }

  private void enter(Path path, @Nullable Object key) {
    if (open.size() >= maxDepth) {
      // Passed over, what lies there would be left out in silence.
      throw tooMany(path, "lies more than " + maxDepth + " folders deep");
    }
    if (key != null && entered.merge(key, 1, Integer::sum) > MOST_WAYS) {
      throw tooMany(path, "is reached by links in more than " + MOST_WAYS + " ways");
    }
    open.push(new Level(entries(path), key));
  }

  private static MillraceException tooMany(Path path, String what) {
    return new MillraceException(
        StandardError.READ_REFUSED,
        "cannot list " + path + ": it " + what + "; name the folders that are meant");
  }

  static StoredFile stored(Path path, BasicFileAttributes attributes) {
    return new StoredFile(
        path.toString(),
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS) + "/" + attributes.fileKey());
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
}
