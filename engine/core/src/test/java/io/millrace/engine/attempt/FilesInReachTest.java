package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.LocalFiles;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.Engine;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done with a task, its connectors are told which files are in reach. */
class FilesInReachTest {

  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path directory;
  private final Set<LocalFiles> told = new HashSet<>();

  /** Notes what it is given, wherever it is given a context. */
  private final class Telling implements Connector {
    private final FakeConnector fake =
        new FakeConnector(1, 3) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            told.add(context.task().files());
          }

          @Override
          long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
            told.add(context.task().files());
            return super.onWrite(split, batch, kept, context);
          }

          @Override
          void onPrepare(StageContext context) {
            told.add(context.task().files());
          }
        };

    @Override
    public ConnectorInfo info() {
      return fake.info();
    }

    @Override
    public Optional<ReaderFactory> reader() {
      ReaderFactory factory = fake.reader().orElseThrow();
      return Optional.of(
          new ReaderFactory() {
            @Override
            public List<ConfigOption<?>> options() {
              return factory.options();
            }

            @Override
            public Reader create(Options options, TaskContext context) {
              told.add(context.files());
              return factory.create(options, context);
            }
          });
    }

    @Override
    public Optional<WriterFactory> writer() {
      WriterFactory factory = fake.writer().orElseThrow();
      return Optional.of(
          new WriterFactory() {
            @Override
            public List<ConfigOption<?>> options() {
              return factory.options();
            }

            @Override
            public Writer create(Options options, TaskContext context) {
              told.add(context.files());
              return factory.create(options, context);
            }
          });
    }
  }

  @Test
  void anAttemptALookADryRunAndACleanUpAllHaveTheBound() {
    LocalFiles files = LocalFiles.within(List.of(directory), "files.roots", "millrace.yaml");
    Connector telling = new Telling();
    Connectors connectors =
        new Connectors() {
          @Override
          public List<Connector> all() {
            return List.of(telling);
          }

          @Override
          public LocalFiles files() {
            return files;
          }
        };
    TaskSpec task =
        TaskFiles.read(
            "t",
            "reader: {fake: {table: a}}\nwriter: {fake: {table: b}}\n",
            ReadSettings.defaults());
    new Engine(connectors, CLOCK)
        .attempt(new AttemptRequest(task, directory.resolve("run"), false), line -> {})
        .run();
    assertTold(files);
    try (SourceLook look =
        SourceLook.of(
            TaskFiles.readSource("t", "reader: {fake: {table: a}}\n", ReadSettings.defaults()),
            connectors,
            new SourceLook.Bounds(10, 100, 1000, 1000),
            CLOCK)) {
      look.records();
    }
    assertTold(files);
    try (DryRun dry = DryRun.of(task, connectors, CLOCK, line -> {})) {
      dry.plan();
    }
    assertTold(files);
    CleanUp.run(task, Duration.ofDays(1), connectors, CLOCK, line -> {});
    assertTold(files);
  }

  private void assertTold(LocalFiles files) {
    assertThat(told).containsExactly(files);
    told.clear();
  }
}
