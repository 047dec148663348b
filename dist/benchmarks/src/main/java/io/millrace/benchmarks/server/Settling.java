package io.millrace.benchmarks.server;

import io.millrace.benchmarks.measure.ProcessTimes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalDouble;

/**
 * Waits until a server has written its changed pages and works on nothing. Otherwise a run would
 * pay for the one before it.
 */
final class Settling {

  private static final int LIMIT_SECONDS = 60;
  private static final int LOOK_EVERY_MILLIS = 500;

  /** Some pages change again and again, such as those of statistics. */
  private static final int FEW_PAGES = 16;

  /** Share of a core that a server at rest may use. */
  private static final double IDLE = 0.05;

  private static final String LOW = "innodb_max_dirty_pages_pct_lwm";
  private static final String HIGH = "innodb_max_dirty_pages_pct";

  private Settling() {}

  /**
   * Waits, at most a minute.
   *
   * @param pid the server's process; -1 when it is none of this machine
   * @param hasten true when the server may be told to write everything now
   */
  static void await(Connection connection, long pid, boolean hasten)
      throws SQLException, InterruptedException {
    if (!hasten) {
      awaitRest(connection, pid);
      return;
    }
    String low = Sql.text(connection, "SELECT @@GLOBAL." + LOW);
    String high = Sql.text(connection, "SELECT @@GLOBAL." + HIGH);
    set(connection, LOW, "0");
    set(connection, HIGH, "0");
    try {
      awaitRest(connection, pid);
    } finally {
      set(connection, HIGH, high);
      set(connection, LOW, low);
    }
  }

  private static void set(Connection connection, String name, String value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL " + name + " = " + value);
    }
  }

  private static void awaitRest(Connection connection, long pid)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT_SECONDS * 1_000_000_000L;
    long dirtyBefore = Long.MAX_VALUE;
    OptionalDouble usedBefore = ProcessTimes.of(pid);
    while (System.nanoTime() < deadline) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      long dirty = Sql.status(connection, "Innodb_buffer_pool_pages_dirty");
      OptionalDouble used = ProcessTimes.of(pid);
      boolean clean = dirty <= FEW_PAGES || dirty == dirtyBefore;
      if (clean && share(usedBefore, used) <= IDLE) {
        return;
      }
      dirtyBefore = dirty;
      usedBefore = used;
    }
  }

  private static double share(OptionalDouble before, OptionalDouble now) {
    if (before.isEmpty() || now.isEmpty()) {
      return 0;
    }
    return (now.getAsDouble() - before.getAsDouble()) * 1000 / LOOK_EVERY_MILLIS;
  }
}
