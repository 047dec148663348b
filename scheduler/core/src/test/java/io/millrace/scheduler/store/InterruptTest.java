package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is interrupted while it writes, as Quartz does with its own when it stops. */
@Timeout(60)
class InterruptTest {

  @Test
  void anInterruptedThreadDoesNotCloseTheStoreUnderTheOthers(@TempDir Path directory)
      throws Exception {
    StoreSettings settings = StoreSettings.file(directory);
    int committed = 0;
    try (Database database = Database.open(settings)) {
      for (int i = 0; i < 20; i++) {
        int from = i * 1000;
        int[] written = {0};
        Thread writer =
            new Thread(
                () -> {
                  for (int k = 0; k < 1000 && !Thread.currentThread().isInterrupted(); k++) {
                    write(database, from + k);
                    written[0]++;
                  }
                });
        writer.start();
        Thread.sleep(10);
        writer.interrupt();
        writer.join();
        committed += written[0];
      }
      write(database, 1_000_000);
    }
    try (Database database = Database.open(settings)) {
      assertThat(count(database)).isEqualTo(committed + 1);
    }
  }

  private static void write(Database database, int number) {
    database.useTransaction(
        handle ->
            handle.execute(
                "INSERT INTO node (name, epoch, lease_until, started_at) VALUES (?, 1, 0, 0)",
                "node " + number));
  }

  private static int count(Database database) {
    return database.with(
        handle -> handle.createQuery("SELECT COUNT(*) FROM node").mapTo(Integer.class).one());
  }
}
