package io.millrace.loghub.read;

import com.aliyun.openservices.log.common.FastLog;
import com.aliyun.openservices.log.common.FastLogGroup;
import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.log.exception.LogException;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.RecordFiller;
import io.millrace.loghub.connect.PulledLogs;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes records of a shard's logs. A log's position is its ordinal in the split. */
final class ShardReader implements SplitReader {

  private final ShardLogs source;
  private final LogValues values;
  private final RecordFiller filler;
  private final ReadContext context;
  private final int columns;

  private Iterator<LogGroupData> groups = List.<LogGroupData>of().iterator();
  private Iterator<FastLog> logs = List.<FastLog>of().iterator();
  private String cursor = "";
  private int groupNumber;
  private int logNumber;
  private long position;

  ShardReader(ShardLogs source, ReadPlan plan, ReadContext context) {
    this.source = source;
    this.context = context;
    this.columns = plan.columns().size();
    this.values = new LogValues(plan.columns());
    this.filler =
        new RecordFiller(plan.columns(), context.dirty(), context.task().limits().maxValueBytes());
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
    try {
      FastLogGroup group = data.getFastLogGroup();
      if (group.getLogsCount() == 0) {
        // The quick parser says nothing where it gives up; the other one throws.
        data.GetLogGroup();
      }
      values.group(group);
      logs = group.getLogs().iterator();
    } catch (LogException | RuntimeException e) {
      dirty(new BadValueException("NOT_A_LOG_GROUP", "the log group cannot be parsed"));
    }
  }

  private void readLog(FastLog log, RecordBatch into) {
    byte @Nullable [][] found;
    try {
      found = values.of(log);
    } catch (BadValueException e) {
      dirty(e);
      return;
    } catch (RuntimeException e) {
      dirty(new BadValueException("NOT_A_LOG", "the log cannot be parsed"));
      return;
    }
    filler.fill(into, position++, this::where, found);
  }

  private void dirty(BadValueException reason) {
    filler.dirty(position++, where(), new byte[columns][], reason);
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
