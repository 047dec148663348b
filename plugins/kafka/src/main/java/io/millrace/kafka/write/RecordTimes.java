package io.millrace.kafka.write;

import static io.millrace.kafka.write.WriteOptions.wrong;

import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.Texts;
import io.millrace.kafka.value.BadValueException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/** The time of a message, taken from a column: milliseconds since 1970. Immutable. */
final class RecordTimes {

  private final Target.Times times;
  private final TaskContext task;

  RecordTimes(Target.Times times, TaskContext task) {
    this.times = times;
    this.task = task;
  }

  /**
   * Checks that a column and a topic suit each other.
   *
   * @throws io.millrace.api.error.MillraceException when they do not
   */
  static void check(Field field, Target.Times times, String place) {
    switch (field.type()) {
      case TIMESTAMP, DATETIME, DATE, INT64 -> {
        if (times.ofArrival()) {
          throw wrong(
              "option 'timestampIndex': "
                  + place
                  + " gives messages the time of their arrival (message.timestamp.type is"
                  + " LogAppendTime); leave the option out, or have the topic changed to CreateTime");
        }
      }
      default ->
          throw wrong(
              "option 'timestampIndex': column '"
                  + Sensitive.name(field.name())
                  + "' is a "
                  + field.type()
                  + "; it must be a TIMESTAMP, a DATETIME, a DATE, or whole milliseconds since"
                  + " 1970");
    }
  }

  /**
   * The time of a record; null where the column is NULL, for the time of sending.
   *
   * @throws BadValueException when it is no whole number of milliseconds, or the topic would not
   *     take it
   */
  @Nullable Long of(Column column, int row) throws BadValueException {
    if (column.isNull(row)) {
      return null;
    }
    long value = ((LongColumn) column).get(row);
    long millis = column.field().type() == ColumnType.INT64 ? value : millis(column, row, value);
    if (millis < 0) {
      throw bad(column, row, "is no time that a message can have: from 1970 on");
    }
    long now = task.clock().millis();
    if (now - millis > times.mostBefore() || millis - now > times.mostAfter()) {
      throw bad(
          column,
          row,
          "is further from now than the topic takes (message.timestamp.before.max.ms,"
              + " message.timestamp.after.max.ms)");
    }
    return millis;
  }

  private long millis(Column column, int row, long value) throws BadValueException {
    long micros;
    try {
      micros =
          column.field().type() == ColumnType.TIMESTAMP
              ? value
              : Calendars.timestamp(Calendars.toLocalDateTime(value), null, task.zone());
    } catch (DateTimeException e) {
      throw bad(column, row, "is no moment: " + e.getMessage());
    }
    if (micros == Calendars.ZERO_TIMESTAMP) {
      throw bad(column, row, "is no moment");
    }
    if (micros % 1000 != 0) {
      throw bad(column, row, "is finer than the milliseconds of a message's time");
    }
    return micros / 1000;
  }

  private static BadValueException bad(Column column, int row, String why) {
    return new BadValueException(
        "BAD_TIMESTAMP", "'" + Sensitive.mark(Texts.text(column, row)) + "' " + why);
  }
}
