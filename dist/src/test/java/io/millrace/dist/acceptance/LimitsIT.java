package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Rate and memory are those of the task, however many channels share them. */
class LimitsIT {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");

  @TempDir Path directory;

  @Test
  void fourChannelsTogetherDoNotGoFasterThanTheRate() throws Exception {
    int rows = FULL ? 50_000 : 12_000;
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, v VARCHAR(1000))",
          "CREATE TABLE dst LIKE src",
          Numbers.create(rows),
          "INSERT INTO src SELECT n, REPEAT('x', 1000) FROM numbers");
      Outcome outcome =
          scene
              .run(
                  scene
                      .task()
                      .reader("splitPk", "id")
                      .setting("channels", 4)
                      .setting("rate", "2MB"))
              .succeeded()
              .counted(rows, 0);
      double rate = outcome.number("bytes") / stageThree(outcome) / (1 << 20);
      System.out.printf(
          "rate 2MB: %d bytes, %.2f s, %.3f MB/s%n",
          outcome.number("bytes"), stageThree(outcome), rate);
      assertThat(rate).isLessThan(2.2);
    }
  }

  private static double stageThree(Outcome outcome) {
    for (var stage : outcome.result().get("stages")) {
      if (stage.get("name").asText().equals("SYNCHRONIZE")) {
        return stage.get("seconds").asDouble();
      }
    }
    throw new AssertionError("no stage 3 in " + outcome.result());
  }

  @Test
  @EnabledIfSystemProperty(
      named = "millrace.test.full",
      matches = "true",
      disabledReason = "takes minutes; runs with dist/test --full")
  void fourChannelsMoveAFewHundredMegabytesInASmallHeap() throws Exception {
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, a BIGINT, b DECIMAL(20,4), v VARCHAR(1000), t"
              + " DATETIME)",
          "CREATE TABLE dst LIKE src",
          Numbers.create(300_000),
          "INSERT INTO src SELECT n, n * 7, n / 3, REPEAT('x', 1000), '2024-01-01' FROM numbers");
      scene
          .withJava("-Xmx128m")
          .run(scene.task().reader("splitPk", "id").setting("channels", 4))
          .succeeded()
          .counted(300_000, 0);
      assertThat(scene.checksums("dst", "id", "a", "b", "v", "t"))
          .isEqualTo(scene.checksums("src", "id", "a", "b", "v", "t"));
    }
  }
}
