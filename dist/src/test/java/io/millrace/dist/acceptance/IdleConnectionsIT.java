package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Something between Millrace and a server that cuts what is silent, and a task with a rate. */
class IdleConnectionsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  @TempDir Path directory;

  private static void create(Scene scene, int rows) throws Exception {
    scene.sql(
        "CREATE TABLE src (id INT PRIMARY KEY, v VARCHAR(2000))",
        "CREATE TABLE dst LIKE src",
        Numbers.create(rows),
        "INSERT INTO src SELECT n, REPEAT('x', 1000) FROM numbers");
  }

  @ParameterizedTest
  @CsvSource({"true, direct", "false, direct", "false, append"})
  void aTaskThatIsSlowedDownGetsOn(boolean source, String publish) throws Exception {
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      create(scene, 6);
      scene.proxy().closeIdle(PATIENCE);
      Scene.TaskFile task = scene.task().writer("publish", publish);
      Outcome outcome =
          scene.run(
              (source
                      ? task.reader("jdbcUrl", scene.proxied())
                      : task.writer("jdbcUrl", scene.proxied()))
                  .setting("rate", Map.of("records", 1)));
      outcome.succeeded();
      assertThat(outcome.output()).doesNotContain("tried again");
      assertThat(scene.one("SELECT COUNT(*) FROM dst")).isEqualTo("6");
    }
  }

  /** More than fits into the buffers on the way is read in steps, and no step is soon enough. */
  @Test
  void aLargerResultThatIsCutFailsInALineThatSaysWhatToDo() throws Exception {
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      create(scene, 12_000);
      scene.proxy().closeIdle(PATIENCE);
      Outcome outcome =
          scene
              .run(
                  scene
                      .task()
                      .reader("jdbcUrl", scene.proxied())
                      .reader("querySql", "SELECT id, v FROM src")
                      .setting("retries", 1)
                      .setting("rate", Map.of("bytes", "1MB")))
              .failed();
      assertThat(outcome.output())
          .contains("silent because of the rate limit: raise the limit")
          .contains("connection was unexpectedly lost.")
          .doesNotContain("Nested Stack Trace")
          .doesNotContain("\tat ");
      assertThat(scene.one("SELECT COUNT(*) FROM dst")).isEqualTo("0");
    }
  }
}
