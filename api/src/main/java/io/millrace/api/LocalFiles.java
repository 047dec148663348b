package io.millrace.api;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which files of this machine a task may reach. A connector asks here for every local path that an
 * option, a parameter or a listing gives it, before it opens, makes or removes anything, and uses
 * the path that it is given back. On the command line there is no bound. Immutable.
 */
public final class LocalFiles {

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  /** No bound: every path is what it says. */
  public static final LocalFiles ANYWHERE = new LocalFiles(List.of(), "", "");

  private final List<Path> roots;
  private final String setting;
  private final String file;

  private LocalFiles(List<Path> roots, String setting, String file) {
    this.roots = List.copyOf(roots);
    this.setting = setting;
    this.file = file;
  }

  /**
   * Files in some folders only.
   *
   * @param roots the folders; links in their own paths are followed, once and now
   * @param setting the key that names them, for messages
   * @param file where the key stands, for messages
   * @throws IllegalArgumentException when there are none, or one is a link to nothing
   */
  public static LocalFiles within(List<Path> roots, String setting, String file) {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("no roots");
    }
    return new LocalFiles(roots.stream().map(LocalFiles::realRoot).toList(), setting, file);
  }

  private static Path realRoot(Path root) {
    Path real = real(root.toAbsolutePath().normalize());
    if (real == null) {
      throw new IllegalArgumentException(root + " leads nowhere");
    }
    return real;
  }

  /** True when some files are out of reach. */
  public boolean isBound() {
    return !roots.isEmpty();
  }

  /**
   * Checks what a path leads to. Whether it is there does not matter, and is not told.
   *
   * @param path as somebody wrote it; a relative one counts from where the process was started
   * @return the path without links, {@code .} and {@code ..}, to be used instead; where there is no
   *     bound, the path itself
   * @throws MillraceException with {@link StandardError#CONFIGURATION} when it, or what its links
   *     lead to, is outside, or when a link leads to nothing, so that nobody knows what it will be
   */
  public Path allowed(Path path) {
    if (!isBound()) {
      return path;
    }
    Path real = real(path.toAbsolutePath().normalize());
    if (real == null || root(real) == null) {
      throw outside(path);
    }
    return real;
  }

  /**
   * The same for a path that is going to be removed or replaced: where it is a link, the link
   * itself is meant and not what it leads to.
   *
   * @throws MillraceException as {@link #allowed}
   */
  public Path allowedEntry(Path path) {
    if (!isBound()) {
      return path;
    }
    Path plain = path.toAbsolutePath().normalize();
    Path folder = plain.getParent();
    Path name = plain.getFileName();
    if (folder == null || name == null) {
      throw outside(path);
    }
    return allowed(folder).resolve(name);
  }

  /**
   * Opens a file. Where there is a bound, it is reached from its root folder by folder, and no link
   * is followed on the way, so that a link which somebody puts there after the check leads nowhere.
   *
   * @param path is checked as by {@link #allowed}
   * @param options as for {@link FileChannel#open}
   * @throws IOException when the file cannot be opened
   * @throws MillraceException as {@link #allowed}
   */
  public FileChannel open(Path path, OpenOption... options) throws IOException {
    Path real = allowed(path);
    if (!isBound()) {
      return FileChannel.open(real, options);
    }
    Set<OpenOption> all = new HashSet<>(List.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    try (SecureDirectoryStream<Path> folder = folder(real)) {
      if (folder == null) {
        return FileChannel.open(real, all);
      }
      SeekableByteChannel channel = folder.newByteChannel(real.getFileName(), all);
      if (channel instanceof FileChannel file) {
        return file;
      }
      channel.close();
      throw new FileSystemException(real.toString(), null, "is no file");
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(real.toString());
    }
  }

  /**
   * Removes a file, or a link and not what it leads to; reached as by {@link #open}. Idempotent.
   *
   * @param path is checked as by {@link #allowedEntry}
   * @throws IOException when it cannot be removed
   * @throws MillraceException as {@link #allowedEntry}
   */
  public void delete(Path path) throws IOException {
    Path entry = allowedEntry(path);
    if (!isBound()) {
      Files.deleteIfExists(entry);
      return;
    }
    try (SecureDirectoryStream<Path> folder = folder(entry)) {
      if (folder == null) {
        Files.deleteIfExists(entry);
      } else {
        folder.deleteFile(entry.getFileName());
      }
    } catch (NoSuchFileException e) {
      return; // as it should be
    }
  }

  /**
   * Refuses to have a file put in the place of what is none. A rename replaces whatever is there,
   * and where this process may write everything that is the device or the pipe itself.
   *
   * @param file where a file shall be put by a rename; nothing need be there
   * @throws FileSystemException when there is a device, a pipe, a socket or a folder, or a link to
   *     one
   */
  public static void requireReplaceable(Path file) throws FileSystemException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "there is something that is no regular file; name another path");
    }
  }

  /**
   * Where a file is put that is written beside its place and then renamed, for files that people
   * name or that lie in folders of theirs: a link is followed, also to where nothing is yet, so
   * that it stays and what it leads to is replaced.
   *
   * @return the path to write beside, and to rename to
   * @throws FileSystemException as {@link #requireReplaceable}, or when links lead in a circle
   * @throws IOException when a link cannot be read
   */
  public static Path place(Path file) throws IOException {
    requireReplaceable(file);
    Path place = file;
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemException(file.toString(), null, "its links lead in a circle");
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    return place;
  }

  /**
   * Removes a folder with all that is in it, links and not what they lead to; reached as by {@link
   * #open}, as is everything in it. Idempotent.
   *
   * @param path is checked as by {@link #allowedEntry}
   * @param goOn is called before each removal, and may throw to end it
   * @throws DirectoryNotEmptyException when somebody puts something in meanwhile
   * @throws IOException when something cannot be removed
   * @throws MillraceException as {@link #allowedEntry}
   */
  public void deleteTree(Path path, Runnable goOn) throws IOException {
    Path entry = allowedEntry(path);
    if (isBound()) {
      try (SecureDirectoryStream<Path> folder = folder(entry)) {
        if (folder != null) {
          deleteTree(folder, entry.getFileName(), goOn);
          return;
        }
      } catch (NoSuchFileException e) {
        return; // as it should be
      }
    }
    try (Stream<Path> walk = Files.walk(entry)) {
      for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
        goOn.run();
        Files.deleteIfExists(each);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void deleteTree(SecureDirectoryStream<Path> above, Path name, Runnable goOn)
      throws IOException {
    boolean isFolder =
        above
            .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes()
            .isDirectory();
    goOn.run();
    if (!isFolder) {
      above.deleteFile(name);
      return;
    }
    try (SecureDirectoryStream<Path> folder =
        above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path each : folder) {
        deleteTree(folder, each.getFileName(), goOn);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    above.deleteDirectory(name);
  }

  /**
   * Removes a folder that is empty; reached as by {@link #open}. Idempotent.
   *
   * @param path is checked as by {@link #allowedEntry}
   * @throws DirectoryNotEmptyException when it is not empty
   * @throws IOException when it cannot be removed
   * @throws MillraceException as {@link #allowedEntry}
   */
  public void deleteFolder(Path path) throws IOException {
    Path entry = allowedEntry(path);
    if (isBound()) {
      try (SecureDirectoryStream<Path> folder = folder(entry)) {
        if (folder != null) {
          folder.deleteDirectory(entry.getFileName());
          return;
        }
      } catch (NoSuchFileException e) {
        return; // as it should be
      }
    }
    Files.deleteIfExists(entry);
  }

  /**
   * What a folder holds, reached as by {@link #open}.
   *
   * @param path is checked as by {@link #allowed}
   * @return the names, in no order
   * @throws IOException when it cannot be listed
   * @throws MillraceException as {@link #allowed}
   */
  public List<Path> names(Path path) throws IOException {
    Path real = allowed(path);
    List<Path> names = new ArrayList<>();
    // The folder of whatever it holds is the folder itself.
    try (DirectoryStream<Path> secure = isBound() ? folder(real.resolve("any")) : null;
        DirectoryStream<Path> stream = secure == null ? Files.newDirectoryStream(real) : secure) {
      stream.forEach(each -> names.add(each.getFileName()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /**
   * Moves a file within one file system and in one step, replacing what is there; both are reached
   * as by {@link #open}.
   *
   * @param from and {@code to} are checked as by {@link #allowedEntry}
   * @throws IOException when it cannot be moved, or as {@link #requireReplaceable}
   * @throws MillraceException as {@link #allowedEntry}
   */
  public void move(Path from, Path to) throws IOException {
    Path source = allowedEntry(from);
    Path target = allowedEntry(to);
    requireReplaceable(target);
    if (isBound()) {
      try (SecureDirectoryStream<Path> sources = folder(source);
          SecureDirectoryStream<Path> targets = folder(target)) {
        if (sources != null && targets != null) {
          sources.move(source.getFileName(), targets, target.getFileName());
          return;
        }
      }
    }
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * The folder that a real path lies in, reached from its root without following a link.
   *
   * @return null where the system has no such call
   */
  private @Nullable SecureDirectoryStream<Path> folder(Path real) throws IOException {
    Path root = root(real);
    if (root == null || root.equals(real)) {
      throw outside(real);
    }
    DirectoryStream<Path> top = Files.newDirectoryStream(root);
    if (!(top instanceof SecureDirectoryStream<Path> secure)) {
      top.close();
      return null;
    }
    SecureDirectoryStream<Path> folder = secure;
    Path rest = root.relativize(real);
    for (int i = 0; i < rest.getNameCount() - 1; i++) {
      try (SecureDirectoryStream<Path> above = folder) {
        folder = above.newDirectoryStream(rest.getName(i), LinkOption.NOFOLLOW_LINKS);
      }
    }
    return folder;
  }

  /** The root that a real path lies in; null when there is none. */
  private @Nullable Path root(Path real) {
    for (Path root : roots) {
      if (real.startsWith(root)) {
        return root;
      }
    }
    return null;
  }

  /**
   * A path without links, as far as it is there.
   *
   * @param path absolute and without {@code ..}
   * @return null when a link on the way leads to nothing, or the path cannot be looked at
   */
  private static @Nullable Path real(Path path) {
    Path there = path;
    while (there != null) {
      try {
        return there.toRealPath().resolve(there.relativize(path)).normalize();
      } catch (NoSuchFileException e) {
        if (Files.isSymbolicLink(there)) {
          return null;
        }
      } catch (FileSystemException e) {
        if (Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
          return null;
        }
      } catch (IOException e) {
        return null;
      }
      there = there.getParent();
    }
    return null;
  }

  private MillraceException outside(Path path) {
    Path plain = path.toAbsolutePath().normalize();
    boolean byLink = roots.stream().anyMatch(root -> plain.startsWith(root));
    String names = roots.stream().map(Path::toString).collect(Collectors.joining(", "));
    return new MillraceException(
        StandardError.CONFIGURATION,
        "path "
            + path
            + (byLink ? " leads by a link outside of " : " is outside of ")
            + setting
            + " ("
            + names
            + "): add "
            + (byLink ? "where it leads" : "it")
            + " to "
            + setting
            + " in "
            + file);
  }

  @Override
  public String toString() {
    return isBound() ? "files in " + roots : "any file";
  }
}
