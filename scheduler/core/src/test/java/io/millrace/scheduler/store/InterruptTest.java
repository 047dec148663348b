package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Quartz interrupts its thread when it stops, whatever that thread is doing in the store. */
@Timeout(60)
class InterruptTest {

  private static final int TIMES = 50;

  @TempDir private Path directory;

  @Test
  void anInterruptedThreadDoesNotCloseTheStoreUnderTheOthers() throws Exception {
    try (Database database = Database.open(StoreSettings.file(directory))) {
      for (int i = 0; i < TIMES; i++) {
        Thread thread =
            new Thread(
                () -> {
                  Thread.currentThread().interrupt();
                  database.useTransaction(InterruptTest::write);
                });
        thread.start();
        thread.join();
        database.useTransaction(InterruptTest::write);
      }
      int rows =
          database.with(
              handle ->
                  handle.createQuery("SELECT COUNT(*) FROM audit").mapTo(Integer.class).one());
      // The pool may refuse an interrupted thread a connection.
      assertThat(rows).isBetween(TIMES, 2 * TIMES);
    }
  }

  private static void write(org.jdbi.v3.core.Handle handle) {
    handle.execute(
        "INSERT INTO audit (at, who, action, subject, why, detail)"
            + " VALUES (1, 'test', 'test', '', '', '')");
  }
}
