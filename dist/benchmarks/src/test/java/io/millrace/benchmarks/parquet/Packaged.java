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
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The packaged plugin, and what it reads of files. */
final class Packaged implements AutoCloseable {

  private final PluginConnectors connectors;

  private Packaged(PluginConnectors connectors) {
    this.connectors = connectors;
  }

  static Packaged in(Path folder) throws IOException {
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
  record Read(
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

  Read read(String path, Map<String, Object> more) {
    TestContext context = TestContext.create();
    Map<String, Object> raw = new HashMap<>(more);
    raw.put("path", path);
    raw.put("fileFormat", "parquet");
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

  @Override
  public void close() {
    connectors.close();
  }
}
