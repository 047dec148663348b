package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The packaged plugin, and what it reads of files and writes into them. */
public final class Packaged implements AutoCloseable {

  private final PluginConnectors connectors;

  private Packaged(PluginConnectors connectors) {
    this.connectors = connectors;
  }

  /** The plugin that the build has made, kept in a folder of the test. */
  public static Packaged in(Path folder) throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    try (Stream<Path> files = Files.list(Path.of("../../plugins/files/target"))) {
      Path zip =
          files
              .filter(each -> each.getFileName().toString().matches("millrace-files-.*\\.zip"))
              .findFirst()
              .orElseThrow();
      Files.copy(zip, plugins.resolve("files.zip"));
    }
    return new Packaged(PluginConnectors.open(plugins, folder.resolve("cache")));
  }

  Connector connector() {
    return connectors.find("files").orElseThrow();
  }

  /**
   * What was read.
   *
   * @param reasons those of the dirty records
   * @param failure the one line of a task that fails, or null
   */
  public record Read(
      List<List<@Nullable String>> records, List<String> reasons, @Nullable String failure) {

    /** The values of a column. */
    List<@Nullable String> column(int index) {
      List<@Nullable String> values = new ArrayList<>();
      records.forEach(each -> values.add(each.get(index)));
      return values;
    }
  }

  Read read(Path path) {
    return read(path.toString(), Map.of());
  }

  /** What files that fit a name hold, parquet where nothing else is said. */
  public Read read(String path, Map<String, Object> more) {
    TestContext context = TestContext.create();
    Map<String, Object> raw = new HashMap<>(more);
    raw.put("path", path);
    raw.putIfAbsent("fileFormat", "parquet");
    Options options = Options.check(connector().reader().orElseThrow().options(), raw).options();
    List<List<@Nullable String>> records = new ArrayList<>();
    String failure = null;
    try (Reader reader = connector().reader().orElseThrow().create(options, context.task())) {
      RecordBatch batch = new RecordBatch(reader.schema(context), 1 << 20, 1000);
      for (Split split : reader.split(new SplitRequest(1), context).splits()) {
        try (SplitReader open = reader.open(split, context)) {
          boolean goesOn = true;
          while (goesOn) {
            batch.clear();
            goesOn = open.read(batch);
            records.addAll(Records.texts(batch));
          }
        }
      }
    } catch (MillraceException e) {
      failure = Sensitive.plain(String.valueOf(e.getMessage()));
      assertThat(failure).doesNotContain("\n").hasSizeLessThan(800);
    }
    List<String> reasons =
        context.dirty().entries().stream().map(each -> each.reason().message()).toList();
    return new Read(records, reasons, failure);
  }

  /** Writes a sample; the one file in the folder. */
  public Path write(Path folder, Map<String, Object> more, Sample sample) throws IOException {
    TestContext context = TestContext.create();
    Map<String, Object> raw = new HashMap<>(more);
    raw.put("path", folder.toString());
    raw.put("writeMode", "truncate");
    Options options = Options.check(connector().writer().orElseThrow().options(), raw).options();
    try (Writer writer = connector().writer().orElseThrow().create(options, context.task())) {
      writer.check(sample.schema(), context);
      String instance = UUID.randomUUID().toString();
      WriteState state = writer.prepare(new WritePlan(instance, 1, 1, sample.schema()), context);
      try (SplitWriter split = writer.open(state, "000000", context)) {
        long written = split.write(sample.batch());
        assertThat(written).isEqualTo(sample.size());
        writer.publish(
            state, List.of(split.commit(new SplitTally(written, written, 0, 1, ""))), context);
      }
      writer.forget(state, context);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Override
  public void close() {
    connectors.close();
  }
}
