package io.millrace.stream;

import io.millrace.api.StageContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Prints or discards rows.
 *
 * <p>It promises AT_LEAST_ONCE in both cases. A printed row cannot be taken back, and nothing that
 * outlives the process knows which splits are done or which attempt is the newest, so even
 * discarding cannot refuse to count a split a second time.
 */
final class StreamWriter implements Writer {

  private final Consumer<RecordBatch> output;
  private final Map<String, SplitCommit> commits = new ConcurrentHashMap<>();

  StreamWriter(Consumer<RecordBatch> output) {
    this.output = output;
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    return source;
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    return new WriteState(
        1,
        Map.of(),
        Guarantee.AT_LEAST_ONCE,
        "the stream writer keeps nothing: a split that is tried again is printed or counted again");
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    return state;
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    return Map.copyOf(commits);
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    return new OpenSplit(splitId, context);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> published, StageContext context) {}

  private final class OpenSplit implements SplitWriter {

    private final String splitId;
    private final WriteContext context;

    OpenSplit(String splitId, WriteContext context) {
      this.splitId = splitId;
      this.context = context;
    }

    @Override
    public long write(RecordBatch batch) {
      context.cancellation().throwIfCancelled();
      output.accept(batch);
      return batch.size();
    }

    @Override
    public SplitCommit commit(SplitTally tally) {
      SplitCommit commit = new SplitCommit(splitId, tally);
      commits.put(splitId, commit);
      return commit;
    }

    @Override
    public void close() {}
  }
}
