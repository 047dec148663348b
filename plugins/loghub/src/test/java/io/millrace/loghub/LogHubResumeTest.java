package io.millrace.loghub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.sample.Records;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A read that ended half way and goes on from what stands in the run directory. */
@Timeout(60)
class LogHubResumeTest {

  private static final Schema SCHEMA = Schema.of(Field.of("n", ColumnType.STRING));
  private static final int LOGS = 400;

  @TempDir private Path directory;

  @Test
  void itDeliversExactlyTheWindowWhateverHappensMeanwhile() {
    try (FakeLogService service = new FakeLogService()) {
      FakeLogstore store = service.create(4).arriveAt(Samples.ARRIVAL).answerAtMost(10);
      for (int n = 0; n < LOGS; n++) {
        store.put(FakeLogstore.group(Map.of("n", String.valueOf(n))));
      }
      MemoryConnector memory = new MemoryConnector("memory");
      MemoryTable target = memory.table("target", SCHEMA);
      Map<String, Object> options = Samples.reading(service, store, SCHEMA);
      options.put("maxRetryTimes", 0);
      TaskSpec task =
          new TaskSpec(
              "resume",
              new ConnectorSpec("loghub", options),
              new ConnectorSpec("memory", Map.of("table", "target")),
              TaskSettings.defaults(ZoneId.of("Europe/Berlin"))
                  .withChannels(1)
                  .withRetries(0, Duration.ZERO),
              true,
              List.of(),
              List.of());

      service.failAfter("pull " + store.name(), 25, new Fault.Dropped());
      AttemptResult first = run(memory, task, false);
      assertThat(first.state()).isEqualTo(RunState.FAIL);
      assertThat(first.splitsCommitted()).isEqualTo(2);

      service.recover("pull " + store.name());
      // Meanwhile a shard is split, another is read-only, and records of the window still come.
      store.split(3);
      store.put(4, Map.of("n", "late"));
      store.put(0, Map.of("n", "late"));
      store.arriveAt(Samples.ARRIVAL + 1);
      store.put(2, Map.of("n", "later"));

      AttemptResult second = run(memory, task, true);
      assertThat(second.error()).isNull();
      assertThat(second.state()).isEqualTo(RunState.SUCCESS);
      List<List<@Nullable String>> expected = new ArrayList<>();
      for (int n = 0; n < LOGS; n++) {
        expected.add(List.of(String.valueOf(n)));
      }
      assertThat(Records.sorted(target.texts())).isEqualTo(Records.sorted(expected));
    }
  }

  private AttemptResult run(MemoryConnector memory, TaskSpec task, boolean resume) {
    return new Engine(Connectors.of(memory, new LogHubConnector()), Clock.systemUTC())
        .attempt(new AttemptRequest(task, directory.resolve("run"), resume), line -> {})
        .run();
  }
}
