package io.millrace.kafka.read;

import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader in the middle of an attempt, made as the engine makes it. */
public final class Reading implements AutoCloseable {

  private final TestContext context = TestContext.create();
  private final Reader reader;

  /**
   * @param more options beside server and topic, names and values by turns
   */
  public Reading(String server, String topic, Object... more) {
    this(new KafkaReaderFactory(), server, topic, more);
  }

  /** The same with a factory that came another way, such as out of a plugin's zip. */
  public Reading(ReaderFactory factory, String server, String topic, Object... more) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", server, "topic", topic));
    for (int i = 0; i < more.length; i += 2) {
      raw.put((String) more[i], more[i + 1]);
    }
    Options.Checked checked = Options.check(factory.options(), raw);
    if (!checked.problems().isEmpty() || !checked.unknown().isEmpty()) {
      throw new IllegalArgumentException(checked.problems() + " " + checked.unknown());
    }
    reader = factory.create(checked.options(), context.task());
  }

  public TestContext context() {
    return context;
  }

  public Reader reader() {
    return reader;
  }

  public SplitPlan plan() {
    reader.prepare(context);
    return reader.split(new SplitRequest(4), context);
  }

  /** The records of a split as canonical texts. */
  public List<List<@Nullable String>> read(Split split) {
    List<List<@Nullable String>> records = new ArrayList<>();
    try (SplitReader open = reader.open(split, context)) {
      RecordBatch batch = new RecordBatch(reader.schema(context), 1 << 20, 1000);
      boolean more = true;
      while (more) {
        batch.clear();
        more = open.read(batch);
        records.addAll(Records.texts(batch));
      }
    }
    return records;
  }

  /** The first values of the records of every split, in the order of splits and offsets. */
  public List<@Nullable String> all() {
    List<@Nullable String> values = new ArrayList<>();
    plan().splits().stream()
        .sorted(java.util.Comparator.comparing(Split::id))
        .forEach(split -> read(split).forEach(record -> values.add(record.get(0))));
    return values;
  }

  @Override
  public void close() {
    reader.close();
  }
}
