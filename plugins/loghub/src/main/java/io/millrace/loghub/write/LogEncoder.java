package io.millrace.loghub.write;

import com.aliyun.openservices.log.common.Logs.Log;
import com.google.protobuf.ByteString;
import io.millrace.api.TaskContext;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.RecordBatch;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.WallClock;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes logs of records: every value as text, NULL by leaving its key out. Used by one thread. */
final class LogEncoder {

  private final List<ByteString> keys;
  private final LogTime time;
  private final int timeIndex;
  private final Clock clock;
  private final @Nullable ZoneId zone;

  /**
   * @param keys one for each column
   */
  LogEncoder(List<String> keys, LogTime time, TaskContext task) {
    // As DataX writes it, where a task of its kind is run.
    this.zone = task.rules().isForeign() ? task.zone() : null;
    this.keys = keys.stream().map(ByteString::copyFromUtf8).toList();
    this.time = time;
    this.timeIndex = keys.indexOf(time.column());
    this.clock = task.clock();
  }

  /**
   * One record as a log.
   *
   * @throws BadValueException when a value is no text, or no time
   */
  Log log(RecordBatch batch, int row) throws BadValueException {
    Log.Builder log = Log.newBuilder();
    boolean timed = timeIndex >= 0 && !batch.column(timeIndex).isNull(row);
    long seconds = timed ? time.seconds(batch, row, timeIndex) : clock.instant().getEpochSecond();
    log.setTime((int) seconds);
    for (int i = 0; i < keys.size(); i++) {
      Column column = batch.column(i);
      if (!column.isNull(row)) {
        log.addContents(
            Log.Content.newBuilder().setKeyBytes(keys.get(i)).setValueBytes(value(column, row)));
      }
    }
    return log.build();
  }

  private ByteString value(Column column, int row) throws BadValueException {
    if (!(column instanceof BytesColumn bytes)) {
      return ByteString.copyFromUtf8(WallClock.text(column, row, zone));
    }
    int offset = bytes.offset(row);
    int length = bytes.length(row);
    if (column.field().type() == ColumnType.BYTES) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.buffer(), offset, length));
      } catch (CharacterCodingException e) {
        throw new BadValueException(
                "NOT_UTF8", "the bytes are not UTF-8, and the values of logs are text")
            .in(column.field().name());
      }
    }
    return ByteString.copyFrom(bytes.buffer(), offset, length);
  }
}
