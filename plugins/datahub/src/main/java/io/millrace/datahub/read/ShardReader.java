package io.millrace.datahub.read;

import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordEntry;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.datahub.read.ShardRecords.Page;
import io.millrace.hubs.RecordFiller;
import java.util.Iterator;
import java.util.List;

/** Makes records of a shard's records. The position is the sequence number. */
final class ShardReader implements SplitReader {

  private final ShardRecords source;
  private final TopicColumns columns;
  private final RecordFiller filler;
  private final ReadContext context;
  private Iterator<RecordEntry> records = List.<RecordEntry>of().iterator();
  private String cursor = "";
  private long sequence;

  ShardReader(ShardRecords source, TopicColumns columns, ReadContext context) {
    this.source = source;
    this.columns = columns;
    this.context = context;
    this.filler =
        new RecordFiller(
            columns.columns(),
            columns.schema(),
            // NULL, or of a record that is older than its field.
            Kept.WHOLE,
            context.dirty(),
            context.task());
  }

  @Override
  public boolean read(RecordBatch into) {
    while (!into.isFull()) {
      if (!records.hasNext()) {
        context.cancellation().throwIfCancelled();
        Page page = source.next();
        if (page == null) {
          return false;
        }
        records = page.records().iterator();
        cursor = page.cursor();
        sequence = page.first();
      }
      RecordEntry record = records.next();
      filler.fill(into, sequence, this::where, columns.values(source.shard(), record, sequence));
      sequence++;
    }
    return true;
  }

  private String where() {
    return "shard " + source.shard() + ", pulled at cursor " + cursor + ", record " + sequence;
  }

  @Override
  public void close() {
    source.close();
  }
}
