package io.millrace.dist.client;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where what belongs to a user lies: in a folder {@code millrace} below the XDG variable of its
 * kind, or else below {@code $HOME}. {@code bin/millrace} goes by the same rule for the cache.
 */
public final class UserDirectories {

  private final UnaryOperator<@Nullable String> environment;

  /** Goes by these variables. */
  public UserDirectories(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /** The server's data. */
  public Path data() {
    return below("XDG_DATA_HOME", ".local/share");
  }

  /** What the user has set, logins among it. */
  public Path configuration() {
    return below("XDG_CONFIG_HOME", ".config");
  }

  /** A relative path in a variable does not count, as its specification says. */
  private Path below(String variable, String inHome) {
    String root = environment.apply(variable);
    if (root != null && Path.of(root).isAbsolute()) {
      return Path.of(root, "millrace");
    }
    String home = environment.apply("HOME");
    return Path.of(
            home == null || home.isBlank() ? System.getProperty("user.home") : home,
            inHome,
            "millrace")
        .toAbsolutePath();
  }
}
