package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes and reads rows through a connector, from stage 1 to stage 4. */
final class Rows {

  private Rows() {}

  /** What a reader delivered. */
  record Read(
      Schema schema, SplitPlan plan, List<List<@Nullable String>> records, TestContext context) {

    List<String> reasons() {
      return context.dirty().entries().stream().map(each -> each.reason().message()).toList();
    }
  }

  static Read read(Connector connector, Map<String, Object> options) {
    return read(connector, options, 4, TestContext.create());
  }

  static Read read(
      Connector connector, Map<String, Object> options, int channels, TestContext context) {
    try (Reader reader = reader(connector, options, context)) {
      Schema schema = reader.schema(context);
      reader.prepare(context);
      SplitPlan plan = reader.split(new SplitRequest(channels), context);
      List<List<@Nullable String>> records = new ArrayList<>();
      for (Split split : plan.splits()) {
        try (SplitReader open = reader.open(split, context)) {
          RecordBatch batch = new RecordBatch(schema, 1 << 16, 1000);
          boolean more = true;
          while (more) {
            batch.clear();
            more = open.read(batch);
            records.addAll(Records.texts(batch));
          }
        }
      }
      return new Read(schema, plan, records, context);
    }
  }

  static Reader reader(Connector connector, Map<String, Object> options, TestContext context) {
    var factory = connector.reader().orElseThrow();
    return factory.create(checked(factory.options(), options), context.task());
  }

  static Writer writer(Connector connector, Map<String, Object> options, TestContext context) {
    var factory = connector.writer().orElseThrow();
    return factory.create(checked(factory.options(), options), context.task());
  }

  private static Options checked(List<ConfigOption<?>> declared, Map<String, Object> raw) {
    Options.Checked checked = Options.check(declared, raw);
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.unknown()).isEmpty();
    return checked.options();
  }

  /** Writes batches, a split each, and publishes them; what was dirty is in the context. */
  static TestContext write(
      Connector connector, Map<String, Object> options, RecordBatch... splits) {
    return write(connector, options, TestContext.create(), splits);
  }

  static TestContext write(
      Connector connector,
      Map<String, Object> options,
      TestContext context,
      RecordBatch... splits) {
    return write(connector, options, context, List.of(), splits);
  }

  /**
   * The same.
   *
   * @param groups what each of the splits is a part of, empty for a whole one; may be shorter
   */
  static TestContext write(
      Connector connector,
      Map<String, Object> options,
      TestContext context,
      List<String> groups,
      RecordBatch... splits) {
    Schema schema = splits[0].schema();
    try (Writer writer = writer(connector, options, context)) {
      writer.check(schema, context);
      String instance = UUID.randomUUID().toString();
      WriteState state = writer.prepare(new WritePlan(instance, 1, 1, schema), context);
      List<SplitCommit> commits = new ArrayList<>();
      for (RecordBatch batch : splits) {
        String group = commits.size() < groups.size() ? groups.get(commits.size()) : "";
        TestContext own = group.isEmpty() ? context : context.withGroup(group);
        int before = own.dirty().count();
        try (SplitWriter split = writer.open(state, String.format("%06d", commits.size()), own)) {
          long written = split.write(batch);
          long dirty = own.dirty().count() - before;
          assertThat(written + dirty).isEqualTo(batch.size());
          commits.add(split.commit(new SplitTally(batch.size(), written, dirty, 1, "")));
        }
      }
      writer.publish(state, commits, context);
      writer.forget(state, context);
    }
    return context;
  }
}
