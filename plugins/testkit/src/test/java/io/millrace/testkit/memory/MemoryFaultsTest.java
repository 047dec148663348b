package io.millrace.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import io.millrace.testkit.sample.Sample;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an attempt makes of a target that fails. */
@Timeout(60)
class MemoryFaultsTest {

  private final MemoryConnector memory = new MemoryConnector();
  private final Sample sample = Sample.plain(500);
  private final MemoryTable source = memory.table("source", sample);
  private final MemoryTable target = memory.table("target", sample.schema());

  @TempDir Path directory;

  private AttemptResult run() {
    TaskSpec task =
        new TaskSpec(
            "faults",
            new ConnectorSpec("memory", Map.of("table", source.name())),
            new ConnectorSpec("memory", Map.of("table", target.name())),
            TaskSettings.defaults(ZoneOffset.UTC).withRetries(3, Duration.ofMillis(5)),
            true,
            List.of(),
            List.of());
    return new Engine(Connectors.of(memory), Clock.systemUTC())
        .attempt(new AttemptRequest(task, directory.resolve("run"), false), line -> {})
        .run();
  }

  private void assertExact(AttemptResult result) {
    assertThat(result.error()).isNull();
    assertThat(result.written()).isEqualTo(sample.size());
    assertThat(target.texts()).containsExactlyInAnyOrderElementsOf(sample.texts());
    assertThat(target.ledgers()).isZero();
  }

  @Test
  void aCommitThatIsLostIsRepeated() {
    target.faults().loseCommits(3);
    assertExact(run());
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotRepeated() {
    target.faults().loseAnswersToCommits(3);
    assertExact(run());
  }

  @Test
  void aWriteThatFailsIsRepeatedWithItsSplit() {
    target.faults().failWriteAt(250, 3);
    assertExact(run());
  }

  @Test
  void aTargetThatDropsARecordFailsTheTask() {
    target.faults().drop(123);

    AttemptResult result = run();

    assertThat(result.state()).isEqualTo(RunState.FAIL);
    assertThat(target.texts()).doesNotContain(sample.texts().get(100));
  }

  @Test
  void aTargetThatLiesIsNotFoundOutByCounting() {
    target.faults().lieAbout(123);

    // The reason why a task may ask for both ends to be compared.
    assertThat(run().state()).isEqualTo(RunState.SUCCESS);
    assertThat(target.size()).isEqualTo(sample.size() - 1);
  }

  @Test
  void aSlowSourceStillDeliversEverything() {
    source.faults().slowRead(Duration.ofNanos(100_000));
    target.faults().slowWrite(Duration.ofMillis(2));
    assertExact(run());
  }
}
