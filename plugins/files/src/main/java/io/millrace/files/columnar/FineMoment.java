package io.millrace.files.columnar;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.ColumnType;
import io.millrace.files.format.RawValues;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times with parts of a microsecond, as dirty records keep them: whole, as text. Stateless. */
public final class FineMoment {

  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS");
  private static final int NANOS = 1_000_000_000;

  private FineMoment() {}

  /**
   * A moment.
   *
   * @param type DATETIME or TIMESTAMP
   * @param seconds since 1970-01-01
   * @param nanos of which only those within the second count
   */
  public static RawValue of(ColumnType type, long seconds, long nanos) {
    int ofSecond = Math.floorMod(nanos, NANOS);
    try {
      String text = LocalDateTime.ofEpochSecond(seconds, ofSecond, ZoneOffset.UTC).format(TEXT);
      String whole = type == ColumnType.TIMESTAMP ? text + "Z" : text;
      return new RawValue(type.name(), whole.length(), whole);
    } catch (DateTimeException e) {
      String said = seconds + " seconds and " + ofSecond + " nanoseconds since 1970-01-01";
      return RawValues.said(type.name(), Long.BYTES, said);
    }
  }

  /** A time of day in nanoseconds. */
  public static RawValue ofDay(long nanos) {
    try {
      String text = LocalTime.ofNanoOfDay(nanos).format(TIME);
      return new RawValue(ColumnType.TIME.name(), text.length(), text);
    } catch (DateTimeException e) {
      return RawValues.said(ColumnType.TIME.name(), Long.BYTES, nanos + " nanoseconds");
    }
  }
}
