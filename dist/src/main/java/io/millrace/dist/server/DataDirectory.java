package io.millrace.dist.server;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where one node keeps what is its own: the store if it is a file, the keys and the node's name.
 * One process at a time; only its owner may look in.
 */
final class DataDirectory implements AutoCloseable {

  private static final int LONGEST = 40;

  private final Path directory;
  private final FileChannel channel;

  private DataDirectory(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the directory for this process.
   *
   * @throws MillraceException in one line, when another process has it or the disk refuses
   */
  static DataDirectory open(Path directory) {
    FileChannel channel = null;
    try {
      make(directory);
      channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "another millrace server uses the data directory "
                + directory
                + ": stop it first, or give this one another server.data");
      }
      return new DataDirectory(directory, channel);
    } catch (IOException e) {
      throw refused(directory, e);
    }
  }

  private static void make(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] owner =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    Files.createDirectory(directory, owner);
  }

  private static MillraceException refused(Path directory, IOException e) {
    return new MillraceException(
        StandardError.RESOURCE,
        "the data directory " + directory + " cannot be used: " + e + "; see server.data",
        e);
  }

  Path path() {
    return directory;
  }

  /** The node's name, which stays the same over restarts: it is made once. */
  String node() {
    Path file = directory.resolve("node");
    try {
      if (!Files.exists(file)) {
        Path place = LocalFiles.place(file);
        Path complete = place.resolveSibling("node.new");
        Files.writeString(complete, newName() + "\n");
        Files.move(complete, place, StandardCopyOption.ATOMIC_MOVE);
      }
      String name = Files.readString(file).strip();
      if (!name.matches("[A-Za-z0-9._-]{1,60}")) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            file + " must hold the node's name: letters, digits, dots and dashes, at most 60");
      }
      return name;
    } catch (IOException e) {
      throw refused(directory, e);
    }
  }

  /** Told apart from others also where machines are called the same, as containers are. */
  private static String newName() {
    byte[] id = new byte[3];
    new SecureRandom().nextBytes(id);
    return host() + "-" + HexFormat.of().formatHex(id);
  }

  private static String host() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
    String plain = host.replaceAll("[^A-Za-z0-9.-]", "-");
    return plain.substring(0, Math.min(LONGEST, plain.length()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw refused(directory, e);
    }
  }
}
