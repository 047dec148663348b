package io.millrace.scheduler.datasource;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The AES-256 keys that secrets are encrypted with: a file of lines {@code id key}, the current key
 * first, that only its owner may read. Every node of a store needs the same file. Safe for use by
 * several threads.
 */
public final class KeyFile {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private Map<String, SecretKey> keys;

  private KeyFile(Path file, Map<String, SecretKey> keys) {
    this.file = file;
    this.keys = keys;
  }

  /**
   * Opens the file, or creates it with one new key.
   *
   * @throws MillraceException in one line, when others than its owner may read or write it, or it
   *     is damaged
   */
  public static KeyFile open(Path file) {
    if (!Files.exists(file)) {
      create(file);
    } else if (!Files.isRegularFile(file)) {
      throw wrong(file, "is no regular file: put your copy there, or remove it", null);
    }
    return new KeyFile(file, read(file));
  }

  private static void create(Path file) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    add(keys);
    try {
      Path place = LocalFiles.place(file);
      Files.createDirectories(place.toAbsolutePath().getParent());
      Path complete = writeBeside(place, keys);
      try {
        // A link appears complete or not at all, and never replaces another process's file.
        Files.createLink(place, complete);
      } catch (FileAlreadyExistsException e) {
        // Another process was first: its keys count.
        return;
      } finally {
        Files.deleteIfExists(complete);
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw wrong(file, "cannot be created: " + e.getClass().getSimpleName(), e);
    }
  }

  private static void add(Map<String, SecretKey> keys) {
    byte[] id = new byte[4];
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(id);
    RANDOM.nextBytes(key);
    keys.put(HexFormat.of().formatHex(id), new SecretKeySpec(key, "AES"));
  }

  private static Path writeBeside(Path file, Map<String, SecretKey> keys) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "# Keys of Millrace's data sources. Keep a copy: they cannot be made again.\n");
    keys.forEach(
        (id, key) ->
            text.append(id)
                .append(' ')
                .append(Base64.getEncoder().encodeToString(key.getEncoded()))
                .append('\n'));
    FileAttribute<?>[] attributes =
        isPosix()
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Path beside =
        Files.createTempFile(
            file.toAbsolutePath().getParent(), "." + file.getFileName(), ".new", attributes);
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return beside;
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static Map<String, SecretKey> read(Path file) {
    checkPermissions(file);
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] parts = line.strip().split(" ");
        byte[] key = parts.length == 2 ? Base64.getDecoder().decode(parts[1]) : new byte[0];
        if (key.length != KEY_BYTES || !parts[0].matches("[0-9a-f]{8}")) {
          throw wrong(file, "is damaged in line " + number + ": put your copy back", null);
        }
        keys.put(parts[0], new SecretKeySpec(key, "AES"));
      }
    } catch (IOException e) {
      throw wrong(file, "cannot be read: " + e.getClass().getSimpleName(), e);
    } catch (IllegalArgumentException e) {
      // The cause would repeat a part of a key.
      throw wrong(file, "is damaged: put your copy back", null);
    }
    if (keys.isEmpty()) {
      throw wrong(file, "holds no key: put your copy back", null);
    }
    return keys;
  }

  private static void checkPermissions(Path file) {
    if (!isPosix()) {
      return;
    }
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(file);
    } catch (IOException e) {
      throw wrong(file, "cannot be read: " + e.getClass().getSimpleName(), e);
    }
    if (permissions.stream().anyMatch(each -> !each.name().startsWith("OWNER"))) {
      throw wrong(
          file,
          "is open to others than its owner ("
              + PosixFilePermissions.toString(permissions)
              + "): chmod 600 it, and rotate the keys if somebody may have read it",
          null);
    }
  }

  private static MillraceException wrong(Path file, String what, @Nullable Throwable cause) {
    return new MillraceException(
        StandardError.CONFIGURATION, file + ": the key file " + what, cause);
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /** The id of the key to encrypt with; another process may have made a new one. */
  synchronized String currentId() {
    keys = read(file);
    return keys.keySet().iterator().next();
  }

  /** The ids of all keys, the current one first. */
  synchronized List<String> ids() {
    keys = read(file);
    return List.copyOf(keys.keySet());
  }

  /** The key of this id, also one that another process added meanwhile. */
  synchronized Optional<SecretKey> key(String id) {
    if (!keys.containsKey(id) && Files.exists(file)) {
      keys = read(file);
    }
    return Optional.ofNullable(keys.get(id));
  }

  /** How many keys there are: one, or two while a rotation is not done. */
  public synchronized int size() {
    return keys.size();
  }

  /** Makes a new key the current one; the others stay for what is encrypted with them. */
  synchronized void addKey() {
    Map<String, SecretKey> changed = new LinkedHashMap<>();
    add(changed);
    changed.putAll(read(file));
    replace(changed);
  }

  /** Forgets every key but the current one. */
  synchronized void dropOldKeys() {
    String current = currentId();
    replace(new LinkedHashMap<>(Map.of(current, keys.get(current))));
  }

  private void replace(Map<String, SecretKey> changed) {
    try {
      Path place = LocalFiles.place(file);
      Files.move(
          writeBeside(place, changed),
          place,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw wrong(file, "cannot be written: " + e.getClass().getSimpleName(), e);
    }
    keys = changed;
  }
}
