package io.millrace.files.store;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The local file system, or what is mounted into it. Output is staged in its area, which lies
 * beside where it will be, written through to the disk, and renamed.
 */
public final class LocalStore implements FileStore {

  /** Folders that lie deeper are refused. */
  private static final int MAX_DEPTH = 100;

  private static final int MOST_TRIES = 100;

  @Override
  public String describe(String name) {
    return name;
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "'" + name + "' is not a path: " + e.getReason(), e);
    }
  }

  @Override
  public Iterator<StoredFile> list(String prefix, Cancellation cancellation) {
    path(prefix);
    return new LocalListing(prefix, MAX_DEPTH, cancellation);
  }

  @Override
  public Iterator<StoredFile> listFolder(String prefix, Cancellation cancellation) {
    path(prefix);
    return new LocalListing(prefix, 1, cancellation);
  }

  @Override
  public Optional<StoredFile> find(String name, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    Path path = path(name);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(LocalListing.stored(path, attributes))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (LocalErrors.isNoName(e)) {
        return Optional.empty();
      }
      throw LocalErrors.of(e, "read", path);
    }
  }

  @Override
  public boolean isFolder(String name, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    return Files.isDirectory(path(name));
  }

  /** A link has the time and the number of what it leads to. */
  @Override
  public String identity(StoredFile file) {
    boolean unknown = file.version().endsWith("/null");
    return unknown ? file.name() : file.size() + " " + file.version();
  }

  @Override
  public StorePlace place() {
    return StorePlace.LOCAL;
  }

  @Override
  public boolean isFlat() {
    return false;
  }

  @Override
  public String realName(String name) {
    Path path = path(name).toAbsolutePath().normalize();
    Path there = path;
    while (there != null) {
      try {
        String real = there.toRealPath().resolve(there.relativize(path)).normalize().toString();
        return name.endsWith("/") && !real.endsWith("/") ? real + "/" : real;
      } catch (IOException e) {
        // Not there yet: what is above it may be a link all the same.
        there = there.getParent();
      }
    }
    return name;
  }

  @Override
  public InputStream open(StoredFile file, long from, long to, Cancellation cancellation) {
    return new LocalInput(channel(file, cancellation), file, from, to, cancellation);
  }

  @Override
  public RandomInput random(StoredFile file, Cancellation cancellation) {
    return new LocalRandom(channel(file, cancellation), file);
  }

  private FileChannel channel(StoredFile file, Cancellation cancellation) {
    requireUnchanged(file, cancellation);
    try {
      FileChannel channel = FileChannel.open(path(file.name()), StandardOpenOption.READ);
      try {
        // It may have been replaced between the two.
        requireUnchanged(file, cancellation);
        return channel;
      } catch (RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw LocalErrors.of(e, "read", path(file.name()));
    }
  }

  private void requireUnchanged(StoredFile file, Cancellation cancellation) {
    StoredFile now =
        find(file.name(), cancellation)
            .orElseThrow(
                () ->
                    new MillraceException(
                        StandardError.READ_REFUSED,
                        file.name()
                            + (file.name().indexOf('\ufffd') >= 0
                                ? " cannot be opened: its name holds bytes that are no text in"
                                    + " UTF-8; rename it"
                                : " has vanished since the source was cut into splits; put it back,"
                                    + " or start anew")));
    if (!now.equals(file)) {
      throw changed(file);
    }
  }

  @Override
  public void requireSame(StoredFile file, Cancellation cancellation) {
    if (find(file.name(), cancellation).filter(now -> !now.equals(file)).isPresent()) {
      throw changed(file);
    }
  }

  static MillraceException changed(StoredFile file) {
    return new MillraceException(
        StandardError.READ_REFUSED,
        file.name()
            + " has changed since the source was cut into splits (it had "
            + file.size()
            + " bytes); start anew to read what it is now");
  }

  @Override
  public StagedOutput stage(String name, String area, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    Path staged = path(area).resolve("data").resolve(UUID.randomUUID().toString());
    try {
      return new LocalStagedOutput(name, staged, create(staged), cancellation);
    } catch (IOException e) {
      throw LocalErrors.of(e, "write", staged);
    }
  }

  /** A new file. Its folder is made, also while another instance takes an empty one away. */
  private static FileChannel create(Path path) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        createFolders(path.getParent());
        return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
      } catch (NoSuchFileException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  @Override
  public void complete(StagedFile staged, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    Path from = path(staged.token());
    Path to = path(staged.name());
    try {
      if (Files.exists(from)) {
        requireSize(from, staged);
        createFolders(to.getParent());
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else if (!Files.exists(to)) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            "the output for "
                + to
                + " is gone from "
                + from
                + ": somebody removed it before it was published; start anew");
      }
      requireSize(to, staged);
      // Also when it was moved before: whoever did may have been killed before this.
      force(to.getParent());
    } catch (IOException e) {
      throw LocalErrors.of(e, "write", to);
    }
  }

  @Override
  public boolean holds(StagedFile staged, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    return hasSize(staged.token(), staged) || hasSize(staged.name(), staged);
  }

  private static boolean hasSize(String name, StagedFile staged) {
    try {
      return Files.size(path(name)) == staged.size();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw LocalErrors.of(e, "write", path(name));
    }
  }

  private static void requireSize(Path path, StagedFile staged) throws IOException {
    if (Files.size(path) != staged.size()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          path
              + " has "
              + Files.size(path)
              + " bytes, "
              + staged.size()
              + " were written: somebody else changed it; start anew");
    }
  }

  @Override
  public void abort(StagedFile staged, Cancellation cancellation) {
    delete(staged.token(), cancellation);
  }

  @Override
  public void delete(String name, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    try {
      Files.deleteIfExists(path(name));
    } catch (IOException e) {
      throw LocalErrors.of(e, "delete", path(name));
    }
  }

  @Override
  public void put(String name, byte[] content, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    Path path = path(name);
    Path partial = path.resolveSibling("." + UUID.randomUUID());
    try {
      try (FileChannel channel = create(partial)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(path.getParent());
    } catch (IOException e) {
      delete(partial.toString(), cancellation);
      throw LocalErrors.of(e, "write", path);
    }
  }

  /** Creates a folder and those above it, durably; any of them may be a link to one. */
  private static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      createFolders(above);
    }
    Files.createDirectories(folder);
    if (above != null) {
      force(above);
    }
  }

  /** A name is as durable as its folder. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<byte[]> get(String name, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    try {
      return Optional.of(Files.readAllBytes(path(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LocalErrors.of(e, "read", path(name));
    }
  }

  @Override
  public void sweep(String area, StagedNames staged, Cancellation cancellation) {
    Path folder = path(area);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        cancellation.throwIfCancelled();
        Files.deleteIfExists(each);
      }
      // The folder above holds the areas of all instances; the last one takes it along.
      Files.deleteIfExists(folder.getParent());
    } catch (DirectoryNotEmptyException e) {
      return; // another instance is at work, or a paused writer has just left something
    } catch (NoSuchFileException e) {
      return; // somebody else sweeps as well
    } catch (IOException e) {
      throw LocalErrors.of(e, "delete", folder);
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw LocalErrors.of(e.getCause(), "delete", folder);
      }
    }
  }
}
