package io.millrace.datahub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.sample.Records;
import java.nio.charset.StandardCharsets;
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
class DataHubResumeTest {

  private static final Schema SCHEMA = Schema.of(Field.of("n", ColumnType.INT64));
  private static final int RECORDS = 400;

  @TempDir private Path directory;

  @Test
  void itDeliversExactlyTheWindowWhateverHappensMeanwhile() {
    try (FakeDataHub service = new FakeDataHub()) {
      FakeTopic topic =
          service.create(Map.of("n", "bigint"), 4).arriveAt(Samples.ARRIVAL).answerAtMost(10);
      for (int n = 0; n < RECORDS; n++) {
        topic.put(bytes(n));
      }
      MemoryConnector memory = new MemoryConnector("memory");
      MemoryTable target = memory.table("target", SCHEMA);
      Map<String, Object> options = Samples.reading(service, topic);
      options.put("maxRetryTimes", 0);
      TaskSpec task =
          new TaskSpec(
              "resume",
              new ConnectorSpec("datahub", options),
              new ConnectorSpec("memory", Map.of("table", "target")),
              TaskSettings.defaults(ZoneId.of("Europe/Berlin"))
                  .withChannels(1)
                  .withRetries(0, Duration.ZERO),
              true,
              List.of(),
              List.of());

      service.failAfter("get " + topic.name(), 25, new Fault.Dropped());
      AttemptResult first = run(memory, task, false);
      assertThat(first.state()).isEqualTo(RunState.FAIL);
      assertThat(first.splitsCommitted()).isEqualTo(2);

      service.recover("get " + topic.name());
      // Meanwhile a shard is split, another is closed, and records of the window still come.
      topic.split(3);
      topic.put(4, FakeTopic.record(bytes(9999)));
      topic.put(0, FakeTopic.record(bytes(9999)));
      topic.put(2, FakeTopic.record(bytes(9999)));

      AttemptResult second = run(memory, task, true);
      assertThat(second.error()).isNull();
      assertThat(second.state()).isEqualTo(RunState.SUCCESS);
      List<List<@Nullable String>> expected = new ArrayList<>();
      for (int n = 0; n < RECORDS; n++) {
        expected.add(List.of(String.valueOf(n)));
      }
      assertThat(Records.sorted(target.texts())).isEqualTo(Records.sorted(expected));
    }
  }

  private static byte[] bytes(int number) {
    return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
  }

  private AttemptResult run(MemoryConnector memory, TaskSpec task, boolean resume) {
    return new Engine(Connectors.of(memory, new DataHubConnector()), Clock.systemUTC())
        .attempt(new AttemptRequest(task, directory.resolve("run"), resume), line -> {})
        .run();
  }
}
