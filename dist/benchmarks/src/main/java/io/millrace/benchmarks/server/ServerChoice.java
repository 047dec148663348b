package io.millrace.benchmarks.server;

import io.millrace.testkit.server.Flavour;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which server is measured, and how it is set.
 *
 * @param flavour MySQL or MariaDB
 * @param binaryLog true to switch the binary log on
 * @param bufferPoolMebibytes InnoDB's buffer pool
 * @param home where {@code bin} and {@code share} of another server lie; null for the one of the
 *     testkit
 */
public record ServerChoice(
    Flavour flavour, boolean binaryLog, int bufferPoolMebibytes, @Nullable Path home) {

  /** The same with the binary log on. */
  public ServerChoice withBinaryLog() {
    return new ServerChoice(flavour, true, bufferPoolMebibytes, home);
  }
}
