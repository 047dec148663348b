package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.LocalFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The login to one server: a file of the user's own that holds an API token. */
final class SavedLogin {

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNERS_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private final ServerAddress address;
  private final Path file;

  /** Where the login to a server is or will be. */
  SavedLogin(ServerAddress address, UnaryOperator<@Nullable String> environment) {
    this.address = address;
    String name = address.url().replaceAll("[^A-Za-z0-9.-]+", "_");
    this.file = directory(environment).resolve(name + ".json").toAbsolutePath();
  }

  /** Where all logins are. */
  static Path directory(UnaryOperator<@Nullable String> environment) {
    return new UserDirectories(environment).configuration().resolve("logins");
  }

  /**
   * A token and what is known of it.
   *
   * @param id of the token, for revoking it
   */
  record Token(String user, long id, String text) {
    @Override
    public String toString() {
      return "token of " + user;
    }
  }

  Path file() {
    return file;
  }

  /**
   * The token; empty without a login.
   *
   * @throws io.millrace.api.error.MillraceException when others can read it, for then it may be
   *     known to them
   */
  Optional<Token> token() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        throw ClientError.INPUT.because(
            file + " can be read by others: revoke its token with millrace logout after chmod 600");
      }
      JsonNode known = Json.MAPPER.readTree(file.toFile());
      // Two addresses may have the same file name; a token never goes to another server.
      return known.path("server").asText().equals(address.url())
          ? Optional.of(
              new Token(
                  known.path("user").asText(),
                  known.path("id").asLong(),
                  known.path("token").asText()))
          : Optional.empty();
    } catch (IOException e) {
      throw ClientError.INPUT.because(
          file + " cannot be read (" + e.getMessage() + "); delete it and log in again", e);
    }
  }

  /** Keeps a token in the place of any other; the file is never open to others. */
  void keep(Token token) {
    byte[] text =
        Json.object()
            .put("server", address.url())
            .put("user", token.user())
            .put("id", token.id())
            .put("token", token.text())
            .toPrettyString()
            .getBytes(StandardCharsets.UTF_8);
    try {
      Path place = LocalFiles.place(file);
      Path partial = place.resolveSibling("." + UUID.randomUUID());
      Files.createDirectories(
          place.getParent(), PosixFilePermissions.asFileAttribute(OWNERS_DIRECTORY));
      Files.createFile(partial, PosixFilePermissions.asFileAttribute(OWNER));
      try {
        Files.write(partial, text);
        Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw ClientError.INPUT.because("the login cannot be kept in " + file, e);
    }
  }

  void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw ClientError.INPUT.because(file + " cannot be deleted", e);
    }
  }
}
