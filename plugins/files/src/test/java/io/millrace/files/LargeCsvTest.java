package io.millrace.files;

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
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.sample.Records;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One large file, four channels. */
class LargeCsvTest {

  private static final int RECORDS = 40_000;

  @TempDir Path folder;

  @Test
  void oneCsvWithQuotedNewlinesIsReadByFourChannelsExactly() throws IOException {
    List<List<@Nullable String>> expected = new ArrayList<>();
    Path file = folder.resolve("large.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < RECORDS; i++) {
        String text = "line\n".repeat(i % 7) + "\",\"" + "x".repeat(i % 50);
        out.write(i + ",\"" + text.replace("\"", "\"\"") + "\"\r\n");
        expected.add(List.of(String.valueOf(i), text));
      }
    }
    MemoryConnector memory = new MemoryConnector("memory");
    MemoryTable target =
        memory.table(
            "target",
            Schema.of(Field.of("id", ColumnType.INT64), Field.of("text", ColumnType.STRING)));
    Map<String, Object> reading =
        Map.of(
            "path",
            file.toString(),
            "splitBy",
            "volume",
            "maxSplitBytes",
            100_000,
            "column",
            List.of(Map.of("index", 0, "type", "long"), Map.of("index", 1, "type", "string")));
    TaskSpec task =
        new TaskSpec(
            "large",
            new ConnectorSpec("files", reading),
            new ConnectorSpec("memory", Map.of("table", target.name())),
            TaskSettings.defaults(ZoneId.of("UTC")).withChannels(4),
            true,
            List.of(),
            List.of());
    List<String> log = new ArrayList<>();

    AttemptResult result =
        new Engine(Connectors.of(memory, new FilesConnector()), Clock.systemUTC())
            .attempt(new AttemptRequest(task, folder.resolve("run"), false), log::add)
            .run();

    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.splits()).isGreaterThan(20);
    assertThat(Records.sorted(target.texts())).isEqualTo(Records.sorted(expected));
    assertThat(log).anyMatch(line -> line.contains("by volume") && line.contains("1 cut"));
  }
}
