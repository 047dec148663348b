package io.millrace.loghub.read;

import com.aliyun.openservices.log.common.FastLog;
import com.aliyun.openservices.log.common.FastLogGroup;
import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.log.exception.LogException;
import com.google.protobuf.CodedInputStream;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.HubColumn;
import io.millrace.hubs.RecordFiller;
import io.millrace.loghub.connect.PulledLogs;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes records of a shard's logs. A log's position is its ordinal in the split. */
final class ShardReader implements SplitReader {

  /** Of a log in the encoding of its group: field 1, with its length. */
  private static final int LOG_TAG = 1 << 3 | 2;

  private final ShardLogs source;
  private final LogValues values;
  private final RecordFiller filler;
  private final ReadContext context;

  private Iterator<LogGroupData> groups = List.<LogGroupData>of().iterator();
  private Iterator<FastLog> logs = List.<FastLog>of().iterator();
  private @Nullable FastLogGroup group;
  private String cursor = "";
  private int groupNumber;
  private int logNumber;
  private long position;

  ShardReader(ShardLogs source, ReadPlan plan, ReadContext context) {
    this.source = source;
    this.context = context;
    this.values = new LogValues(plan.columns());
    this.filler =
        new RecordFiller(
            plan.columns(),
            new Schema(plan.columns().stream().map(HubColumn::field).toList()),
            // A log knows no NULL.
            Kept.ABSENT,
            context.dirty(),
            context.task());
  }

  @Override
  public boolean read(RecordBatch into) {
    while (!into.isFull()) {
      if (logs.hasNext()) {
        logNumber++;
        readLog(logs.next(), into);
      } else if (groups.hasNext()) {
        groupNumber++;
        openGroup(groups.next());
      } else if (!pull()) {
        return false;
      }
    }
    return true;
  }

  private boolean pull() {
    context.cancellation().throwIfCancelled();
    cursor = source.left().from();
    PulledLogs pulled = source.next();
    if (pulled == null) {
      return false;
    }
    groups = pulled.groups().iterator();
    groupNumber = 0;
    return true;
  }

  private void openGroup(LogGroupData data) {
    logNumber = 0;
    logs = List.<FastLog>of().iterator();
    group = null;
    try {
      FastLogGroup found = data.getFastLogGroup();
      group = found;
      if (found.getLogsCount() == 0) {
        // The quick parser says nothing where it gives up; the other one throws.
        data.GetLogGroup();
      }
      values.group(found);
      logs = found.getLogs().iterator();
    } catch (LogException | RuntimeException e) {
      dirty(bytes(), new BadValueException("NOT_A_LOG_GROUP", "the log group cannot be parsed"));
    }
  }

  private void readLog(FastLog log, RecordBatch into) {
    byte @Nullable [][] found;
    try {
      found = values.of(log);
    } catch (BadValueException e) {
      dirty(log(), e);
      return;
    } catch (RuntimeException e) {
      dirty(log(), new BadValueException("NOT_A_LOG", "the log cannot be parsed"));
      return;
    }
    filler.fill(into, position++, this::where, found);
  }

  private void dirty(byte @Nullable [] whole, BadValueException reason) {
    filler.broken(position++, where(), whole, reason);
  }

  /** The bytes of the group that is read; null when it does not show them. */
  private byte @Nullable [] bytes() {
    FastLogGroup found = group;
    byte[] raw = found == null ? null : found.getRawBytes();
    return found == null || raw == null
        ? null
        : Arrays.copyOfRange(raw, found.getBeginOffset(), found.getEndOffset());
  }

  /** The bytes of the log that is read; null when its group does not show them. */
  private byte @Nullable [] log() {
    byte[] all = bytes();
    if (all == null) {
      return null;
    }
    CodedInputStream in = CodedInputStream.newInstance(all);
    try {
      int number = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != LOG_TAG) {
          in.skipField(tag);
        } else if (++number == logNumber) {
          return in.readBytes().toByteArray();
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      return null;
    }
    return null;
  }

  private String where() {
    return "shard "
        + source.left().shard()
        + ", pulled at cursor "
        + cursor
        + ", log group "
        + groupNumber
        + ", log "
        + logNumber;
  }

  @Override
  public void close() {
    source.close();
  }
}
