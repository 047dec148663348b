package io.millrace.benchmarks.parquet;

import io.millrace.api.Connector;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The connector for files, as a task uses it. */
final class MillraceParquet {

  private final Connector connector;

  MillraceParquet(Connector connector) {
    this.connector = connector;
  }

  void write(Path folder, List<RecordBatch> batches, int times) {
    TestContext context = TestContext.create();
    Options options =
        Options.check(
                connector.writer().orElseThrow().options(),
                Map.of(
                    "path", folder.toString(),
                    "fileName", "lineitem",
                    "writeMode", "truncate",
                    "fileFormat", "parquet"))
            .options();
    try (Writer writer = connector.writer().orElseThrow().create(options, context.task())) {
      writer.check(Rows.SCHEMA, context);
      String instance = UUID.randomUUID().toString();
      WriteState state = writer.prepare(new WritePlan(instance, 1, 1, Rows.SCHEMA), context);
      long written = 0;
      try (SplitWriter split = writer.open(state, "000000", context)) {
        for (int time = 0; time < times; time++) {
          for (RecordBatch batch : batches) {
            written += split.write(batch);
          }
        }
        writer.publish(
            state, List.of(split.commit(new SplitTally(written, written, 0, 1, ""))), context);
      }
      writer.forget(state, context);
    }
  }

  /** Reads every value. */
  long read(Path file) {
    TestContext context = TestContext.create();
    Options options =
        Options.check(
                connector.reader().orElseThrow().options(),
                Map.of("path", file.toString(), "fileFormat", "parquet"))
            .options();
    long sum = 0;
    try (Reader reader = connector.reader().orElseThrow().create(options, context.task())) {
      Schema schema = reader.schema(context);
      RecordBatch batch = new RecordBatch(schema, 1 << 20, 16_384);
      for (Split split : reader.split(new SplitRequest(1), context).splits()) {
        try (SplitReader open = reader.open(split, context)) {
          boolean more = true;
          while (more) {
            batch.clear();
            more = open.read(batch);
            sum += Rows.sum(batch);
          }
        }
      }
    }
    return sum;
  }
}
