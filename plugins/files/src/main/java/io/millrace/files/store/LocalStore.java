package io.millrace.files.store;

import io.millrace.api.Cancellation;
import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The local file system, or what is mounted into it. Output is staged in its area, which lies
 * beside where it will be, written through to the disk, and renamed.
 */
public final class LocalStore implements FileStore {

  /** Folders that lie deeper are refused. */
  private static final int MAX_DEPTH = 100;

  private static final int MOST_TRIES = 100;

  /** The hidden folder, the area and its folder of staged files. */
  private static final int AREA_LEVELS = 3;

  /** What staged files are called. */
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  private final LocalFiles files;

  /** Any file of this machine. */
  public LocalStore() {
    this(LocalFiles.ANYWHERE);
  }

  /**
   * @param files which files are in reach; others are refused before anything is done to them
   */
  public LocalStore(LocalFiles files) {
    this.files = files;
  }

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

  /** What a name leads to, to be opened. */
  private Path real(String name) {
    return files.allowed(path(name));
  }

  /** Where a name stands, to be made, replaced or removed; a link there is not followed. */
  private Path entry(String name) {
    return files.allowedEntry(path(name));
  }

  @Override
  public Iterator<StoredFile> list(String prefix, Cancellation cancellation) {
    path(prefix);
    return new LocalListing(files, prefix, MAX_DEPTH, cancellation);
  }

  @Override
  public Iterator<StoredFile> listFolder(String prefix, Cancellation cancellation) {
    path(prefix);
    return new LocalListing(files, prefix, 1, cancellation);
  }

  @Override
  public Optional<StoredFile> find(String name, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    Path path = path(name);
    Path real = real(name);
    try {
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
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
    return Files.isDirectory(real(name));
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
    Path path = files.allowed(path(name)).toAbsolutePath().normalize();
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
    return new LocalInput(this, channel(file, cancellation), file, from, to, cancellation);
  }

  @Override
  public RandomInput random(StoredFile file, Cancellation cancellation) {
    return new LocalRandom(channel(file, cancellation), file);
  }

  private FileChannel channel(StoredFile file, Cancellation cancellation) {
    requireUnchanged(file, cancellation);
    try {
      FileChannel channel = files.open(path(file.name()), StandardOpenOption.READ);
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
    // What was opened was read to its end; a file that is removed meanwhile is whole.
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
    Path staged = entry(stagedIn(area) + UUID.randomUUID());
    try {
      // Said now, and not when everything has been written.
      LocalFiles.requireReplaceable(entry(name));
      return new LocalStagedOutput(this, name, staged, create(staged), cancellation);
    } catch (IOException e) {
      throw LocalErrors.of(e, "write", staged);
    }
  }

  /** A staged file, to be read; a link in its place is not followed. */
  FileChannel openStaged(StagedFile staged) throws IOException {
    Path path = entry(staged.token());
    FileChannel channel;
    try {
      channel = files.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw changedPart(staged, e);
    }
    if (channel.size() != staged.size()) {
      channel.close();
      throw changedPart(staged, null);
    }
    return channel;
  }

  static FileFault changedPart(StagedFile part, @Nullable IOException cause) {
    FileFault fault =
        new FileFault(
            "its part "
                + part.token()
                + " is gone, or has not the "
                + part.size()
                + " bytes that were written: somebody else changed it; start anew");
    fault.initCause(cause);
    return fault;
  }

  private static String stagedIn(String area) {
    return area + "data/";
  }

  @Override
  public boolean isOfArea(StagedFile staged, String area) {
    Path folder = path(stagedIn(area));
    Path token = path(staged.token());
    String id = String.valueOf(token.getFileName());
    // An area that is a link, or lies behind one, would be a folder of somebody else's.
    return ID.matcher(id).matches()
        && entry(staged.token()).equals(entry(stagedIn(area) + id))
        && hasNoLink(folder)
        && !Files.isSymbolicLink(token);
  }

  /** Whether the last folders of an area's place for staged files are no links, if there. */
  private static boolean hasNoLink(Path folder) {
    Path each = folder;
    for (int i = 0; i < AREA_LEVELS && each != null; i++) {
      if (Files.isSymbolicLink(each)) {
        return false;
      }
      each = each.getParent();
    }
    return true;
  }

  /** A new file. Its folder is made, also while another instance takes an empty one away. */
  private FileChannel create(Path path) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        createFolders(path.getParent());
        return files.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
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
    Path from = entry(staged.token());
    Path to = entry(staged.name());
    try {
      if (Files.isSymbolicLink(from)) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            "the output for "
                + to
                + " in "
                + from
                + " was replaced by a link: somebody else changed it; start anew");
      }
      if (Files.exists(from)) {
        requireSize(from, staged);
        createFolders(to.getParent());
        files.move(from, to);
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

  private boolean hasSize(String name, StagedFile staged) {
    try {
      return Files.size(real(name)) == staged.size();
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
      files.delete(path(name));
    } catch (IOException e) {
      throw LocalErrors.of(e, "delete", path(name));
    }
  }

  @Override
  public void put(String name, byte[] content, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    SmallFiles.requireSmall(content.length, name);
    Path path = entry(name);
    Path partial = path.resolveSibling("." + UUID.randomUUID());
    try {
      try (FileChannel channel = create(partial)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      files.move(partial, path);
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
    try (FileChannel channel = files.open(path(name), StandardOpenOption.READ)) {
      return Optional.of(SmallFiles.read(Channels.newInputStream(channel), name));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LocalErrors.of(e, "read", path(name));
    }
  }

  @Override
  public void sweep(String area, StagedNames staged, Cancellation cancellation) {
    Path folder = entry(area);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      files.deleteTree(folder, cancellation::throwIfCancelled);
      // The folder above holds the areas of all instances; the last one takes it along.
      files.deleteFolder(folder.getParent());
    } catch (DirectoryNotEmptyException e) {
      return; // another instance is at work, or a paused writer has just left something
    } catch (NoSuchFileException e) {
      return; // somebody else sweeps as well
    } catch (IOException e) {
      throw LocalErrors.of(e, "delete", folder);
    }
  }
}
