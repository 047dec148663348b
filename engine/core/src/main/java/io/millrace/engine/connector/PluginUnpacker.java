package io.millrace.engine.connector;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks plugin zips into a cache directory that several processes share. A directory there is
 * named after the content it came from and appears complete, by a rename; it is never written to
 * again.
 */
final class PluginUnpacker {

  /** Bounds of what a zip may hold. */
  record Bounds(int entries, long bytes) {
    static final Bounds DEFAULT = new Bounds(20_000, 1L << 30);
  }

  private final Path cache;
  private final Bounds bounds;

  PluginUnpacker(Path cache, Bounds bounds) {
    this.cache = cache;
    this.bounds = bounds;
  }

  /**
   * The directory that holds the plugin's content, unpacked now or by an earlier call.
   *
   * @throws MillraceException with {@link StandardError#PLUGIN} when the zip is broken or hostile;
   *     nothing outside the cache directory is written then
   */
  Path unpack(PluginArchive archive) {
    try (ZipFile zip = new ZipFile(archive.file().toFile())) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      check(archive, entries);
      Path target =
          cache.resolve(archive.id() + "-" + archive.version() + "-" + fingerprint(entries));
      if (!isComplete(target, entries)) {
        unpack(archive, zip, entries, target);
      }
      return target;
    } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
      throw PluginArchive.refused(
          archive.file(), "it cannot be unpacked into " + cache + " (" + e + ")", e);
    }
  }

  /**
   * Looks at the zip's directory alone.
   *
   * @throws MillraceException with {@link StandardError#PLUGIN} when it is broken or hostile
   */
  void inspect(PluginArchive archive) {
    try (ZipFile zip = new ZipFile(archive.file().toFile())) {
      check(archive, Collections.list(zip.entries()));
    } catch (IOException | IllegalArgumentException e) {
      throw PluginArchive.refused(archive.file(), "it cannot be read (" + e + ")", e);
    }
  }

  private void check(PluginArchive archive, List<? extends ZipEntry> entries) {
    if (entries.size() > bounds.entries()) {
      throw PluginArchive.refused(
          archive.file(),
          "it holds " + entries.size() + " entries, more than " + bounds.entries(),
          null);
    }
    Set<String> names = new HashSet<>();
    long bytes = 0;
    for (ZipEntry entry : entries) {
      if (!isInside(entry.getName())) {
        throw PluginArchive.refused(
            archive.file(), "its entry '" + entry.getName() + "' leads outside of it", null);
      }
      // Two names that differ in case only are one file on some systems.
      if (!names.add(entry.getName().toLowerCase(Locale.ROOT))) {
        throw PluginArchive.refused(
            archive.file(), "it holds the entry '" + entry.getName() + "' twice", null);
      }
      bytes += Math.max(0, entry.getSize());
      if (bytes > bounds.bytes() || entry.getSize() > bounds.bytes()) {
        throw PluginArchive.refused(
            archive.file(), "it unpacks to more than " + bounds.bytes() + " bytes", null);
      }
    }
  }

  private static boolean isInside(String name) {
    if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || name.contains(":")) {
      return false;
    }
    try {
      Path root = Path.of("root");
      Path resolved = root.resolve(name).normalize();
      return resolved.startsWith(root) && !List.of(name.split("/")).contains("..");
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Identifies the content by names, sizes and checksums of the zip's directory, so that a start
   * need not read the whole file. It guards against mistakes, not against an attacker: whoever can
   * replace a plugin can run code anyway.
   */
  private static String fingerprint(List<? extends ZipEntry> entries) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      entries.stream()
          .map(entry -> entry.getName() + '\0' + entry.getSize() + '\0' + entry.getCrc() + '\n')
          .sorted()
          .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** False also after a cleaner of temporary files has taken a part of it. */
  private static boolean isComplete(Path target, List<? extends ZipEntry> entries)
      throws IOException {
    for (ZipEntry entry : entries) {
      Path file = target.resolve(entry.getName());
      if (entry.isDirectory()
          ? !Files.isDirectory(file)
          : !Files.isRegularFile(file) || Files.size(file) != entry.getSize()) {
        return false;
      }
    }
    return true;
  }

  private void unpack(
      PluginArchive archive, ZipFile zip, List<? extends ZipEntry> entries, Path target)
      throws IOException {
    Files.createDirectories(cache);
    Path staging = cache.resolve(".unpacking-" + UUID.randomUUID());
    try {
      long left = bounds.bytes();
      for (ZipEntry entry : entries) {
        Path file = staging.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          left -= copy(archive, zip, entry, file, left);
        }
      }
      publish(staging, target, entries);
    } finally {
      deleteTree(staging);
    }
  }

  /** Renames the staging directory, unless another process was first with the same content. */
  private void publish(Path staging, Path target, List<? extends ZipEntry> entries)
      throws IOException {
    try {
      Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (isComplete(target, entries)) {
        return;
      }
      Path aside = cache.resolve(".broken-" + UUID.randomUUID());
      Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
      Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(aside);
    }
  }

  /** Copies one entry; what the zip's directory says about it is not believed but compared. */
  private long copy(PluginArchive archive, ZipFile zip, ZipEntry entry, Path file, long most)
      throws IOException {
    CRC32 crc = new CRC32();
    long bytes = 0;
    try (InputStream in = zip.getInputStream(entry);
        OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[64 * 1024];
      int length;
      while ((length = in.read(buffer)) > 0) {
        bytes += length;
        if (bytes > most) {
          throw PluginArchive.refused(
              archive.file(), "it unpacks to more than " + bounds.bytes() + " bytes", null);
        }
        crc.update(buffer, 0, length);
        out.write(buffer, 0, length);
      }
    }
    if (bytes != entry.getSize() || crc.getValue() != entry.getCrc()) {
      throw PluginArchive.refused(
          archive.file(),
          "its entry '" + entry.getName() + "' is damaged; copy the file again",
          null);
    }
    return bytes;
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
