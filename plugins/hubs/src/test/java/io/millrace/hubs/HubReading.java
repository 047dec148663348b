package io.millrace.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader as the engine drives it, with what it says kept. */
public final class HubReading implements AutoCloseable {

  private final TestContext context;
  private final Reader reader;

  public HubReading(ReaderFactory factory, Map<String, Object> options) {
    this(factory, options, TestContext.create());
  }

  /** The same for a task of another zone or form. */
  public HubReading(ReaderFactory factory, Map<String, Object> options, TestContext context) {
    this.context = context;
    Options.Checked checked = Options.check(factory.options(), options);
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.unknown()).isEmpty();
    this.reader = factory.create(checked.options(), context.task());
  }

  public TestContext context() {
    return context;
  }

  public Reader reader() {
    return reader;
  }

  public Schema schema() {
    return reader.schema(context);
  }

  public SplitPlan plan(int channels) {
    return reader.split(new SplitRequest(channels), context);
  }

  public List<List<@Nullable String>> read(Split split) {
    List<List<@Nullable String>> records = new ArrayList<>();
    Schema schema = schema();
    try (SplitReader splitReader = reader.open(split, context)) {
      boolean more = true;
      while (more) {
        RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
        more = splitReader.read(batch);
        records.addAll(Records.texts(batch));
      }
    }
    return records;
  }

  public List<List<@Nullable String>> readAll() {
    List<List<@Nullable String>> records = new ArrayList<>();
    plan(4).splits().forEach(split -> records.addAll(read(split)));
    return Records.sorted(records);
  }

  public String log() {
    return String.join("\n", context.log().lines());
  }

  @Override
  public void close() {
    reader.close();
  }
}
