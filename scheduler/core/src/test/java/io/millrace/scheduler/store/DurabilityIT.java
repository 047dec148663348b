package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the default store has committed is there after kill -9, and it belongs to one process at a
 * time; see docs/adr/0030.
 */
class DurabilityIT {

  private static final int ROWS = 300;
  private static final int KILLS = 6;
  private static final int THREADS = 3;

  @TempDir private Path directory;

  @Test
  @Timeout(90)
  void everyCommitThatWasToldIsThereAfterAKill() throws Exception {
    List<Long> told = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      told.addAll(killAfter(ROWS));
    }
    assertThat(told).hasSizeGreaterThanOrEqualTo(ROWS * KILLS).doesNotHaveDuplicates();
    try (Database database = Database.open(settings(directory))) {
      List<Long> kept =
          database.with(
              handle -> handle.createQuery("SELECT id FROM audit").mapTo(Long.class).list());
      assertThat(kept).containsAll(told);
    }
  }

  @Test
  @Timeout(60)
  void anotherProcessIsKeptOut() throws Exception {
    try (Database database = Database.open(StoreSettings.file(directory))) {
      database.useTransaction(
          handle ->
              handle.execute(
                  "INSERT INTO audit (at, who, action, subject, why, detail)"
                      + " VALUES (1, 'test', 'test', '', '', '')"));
      Process other = new ProcessBuilder(committing()).redirectErrorStream(true).start();
      try {
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("cannot be opened").contains("already in use");
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  private List<String> committing() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Committing.class.getName(),
        directory.toString());
  }

  /**
   * H2 writes over a part of its file 45 seconds after it was made, if nothing needs it. Here at
   * once: an H2 that does it too early lost commits in nearly every kill.
   */
  private static StoreSettings settings(Path directory) {
    StoreSettings usual = StoreSettings.file(directory);
    return new StoreSettings(usual.url() + ";RETENTION_TIME=0", usual.user(), usual.password());
  }

  /** Lets a process commit and tell what it has committed, and kills it in the midst of it. */
  private List<Long> killAfter(int rows) throws Exception {
    Path errors = directory.resolve("errors");
    Process process = new ProcessBuilder(committing()).redirectError(errors.toFile()).start();
    List<Long> told = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        told.add(Long.valueOf(line));
        if (told.size() == rows) {
          // By its handle, which does not close the pipe: what was told already is read as well.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(told).as(Files.readString(errors)).hasSizeGreaterThanOrEqualTo(rows);
    return told;
  }

  /** Commits one row after another in each of its threads until it is killed. */
  static final class Committing {

    private Committing() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (Database database = Database.open(settings(Path.of(arguments[0])))) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Thread thread = new Thread(() -> commit(database));
          thread.start();
          threads.add(thread);
        }
        for (Thread thread : threads) {
          thread.join();
        }
      }
    }

    private static void commit(Database database) {
      while (true) {
        long id =
            database.inTransaction(
                handle ->
                    handle
                        .createUpdate(
                            "INSERT INTO audit (at, who, action, subject, why, detail)"
                                + " VALUES (:at, 'test', 'test', '', '', '')")
                        .bind("at", Clock.systemUTC().millis())
                        .executeAndReturnGeneratedKeys("id")
                        .mapTo(Long.class)
                        .one());
        synchronized (Committing.class) {
          System.out.println(id);
          System.out.flush();
        }
      }
    }
  }
}
