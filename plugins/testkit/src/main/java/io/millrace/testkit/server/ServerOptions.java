package io.millrace.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an own server is started. Immutable.
 *
 * @param arguments options of {@code mysqld}, which come after and so win over the defaults: no
 *     binary log, no performance schema, {@code local_infile} on, time zone {@code +09:00}, {@code
 *     utf8mb4}
 * @param password the password of root; null for a random one
 * @param dataDirectory where its data lies and stays; null for a temporary directory that is
 *     removed in the end. Must not exist or be one that an earlier server of the same kind left
 */
public record ServerOptions(
    List<String> arguments, @Nullable String password, @Nullable Path dataDirectory) {

  /** Nothing but the defaults. */
  public static final ServerOptions DEFAULT = new ServerOptions(List.of(), null, null);

  public ServerOptions {
    arguments = List.copyOf(arguments);
  }

  /** The same with more options of {@code mysqld}, such as {@code --local-infile=0}. */
  public ServerOptions with(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new ServerOptions(all, password, dataDirectory);
  }

  /** The same with another zone of the server, as an offset such as {@code -05:00}. */
  public ServerOptions withTimeZone(String offset) {
    return with("--default-time-zone=" + offset);
  }

  /** The same with an InnoDB buffer pool of so many MiB. */
  public ServerOptions withBufferPool(int mebibytes) {
    return with("--innodb-buffer-pool-size=" + mebibytes + "M");
  }

  /** The same with a given password of root. */
  public ServerOptions withPassword(String value) {
    return new ServerOptions(arguments, value, dataDirectory);
  }

  /** The same with data that stays when the server ends. */
  public ServerOptions withDataDirectory(Path directory) {
    return new ServerOptions(arguments, password, directory);
  }
}
