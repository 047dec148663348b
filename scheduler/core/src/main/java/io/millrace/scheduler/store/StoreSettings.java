package io.millrace.scheduler.store;

import java.nio.file.Path;

/**
 * Where the metadata is.
 *
 * @param url a JDBC URL of H2, MySQL or MariaDB ({@code jdbc:mysql:…})
 * @param user the account; empty for H2 in a file
 * @param password its password
 */
public record StoreSettings(String url, String user, String password) {

  /**
   * H2 in a file of this directory: the default, for one node. Every commit is written before it
   * returns, so that killing the process loses nothing, and an interrupted thread does not close
   * the file under all others; see docs/adr/0030.
   */
  public static StoreSettings file(Path directory) {
    return new StoreSettings(
        "jdbc:h2:retry:"
            + directory.toAbsolutePath().resolve("millrace")
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=20000",
        "",
        "");
  }

  @Override
  public String toString() {
    return url.replaceAll("\\?.*|;.*", "");
  }
}
