package io.millrace.api.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A batch record by record, for connectors that need no speed. Values are objects; a NULL is null.
 * Not safe for use by several threads at once.
 *
 * <pre>{@code
 * RecordView record = new RecordView(batch);
 * while (record.next()) {
 *   sink.put(record.text(0), record.value(1));
 * }
 * }</pre>
 */
public final class RecordView {

  private final RecordBatch batch;
  private int row = -1;

  /** A view that stands before the first record. */
  public RecordView(RecordBatch batch) {
    this.batch = batch;
  }

  /** Moves to the next record; false at the end. */
  public boolean next() {
    return ++row < batch.size();
  }

  /** The index of the record it stands on. */
  public int row() {
    return row;
  }

  /**
   * The value as the natural object of its type: Boolean, Long (the bits of an unsigned one),
   * Double, BigDecimal, String, byte[], LocalDate, LocalDateTime, Instant; a TIME as Long.
   *
   * @throws java.time.DateTimeException for a date no calendar knows; use {@link #text(int)}
   */
  public @Nullable Object value(int column) {
    Column values = batch.column(column);
    if (values.isNull(row)) {
      return null;
    }
    return switch (values.field().type()) {
      case BOOLEAN -> batch.longs(column).get(row) != 0;
      case INT64, TIME -> batch.longs(column).get(row);
      case FLOAT64 -> batch.doubles(column).get(row);
      case DECIMAL -> batch.decimals(column).get(row);
      case STRING, JSON -> batch.bytes(column).getString(row);
      case BYTES -> batch.bytes(column).get(row);
      case DATE -> Calendars.toLocalDate(batch.longs(column).get(row));
      case DATETIME -> Calendars.toLocalDateTime(batch.longs(column).get(row));
      case TIMESTAMP -> Calendars.toInstant(batch.longs(column).get(row));
    };
  }

  /** The value in its canonical text form, see {@link Texts}; null for NULL. */
  public @Nullable String text(int column) {
    return Texts.text(batch.column(column), row);
  }

  /**
   * Appends a whole record to a batch from objects, as {@link #value(int)} gives them; a String is
   * accepted for DECIMAL, an Integer for INT64.
   *
   * @throws ClassCastException when a value does not suit its column; the record is then discarded
   */
  public static void append(RecordBatch batch, long position, @Nullable Object... values) {
    if (values.length != batch.schema().size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + batch.schema().size() + " columns");
    }
    try {
      for (int i = 0; i < values.length; i++) {
        append(batch, i, values[i]);
      }
    } catch (RuntimeException e) {
      batch.discardRecord();
      throw e;
    }
    batch.endRecord(position);
  }

  private static void append(RecordBatch batch, int index, @Nullable Object value) {
    Column column = batch.column(index);
    if (value == null) {
      column.appendNull();
      return;
    }
    switch (column.field().type()) {
      case BOOLEAN -> batch.longs(index).append((Boolean) value ? 1 : 0);
      case INT64, TIME -> batch.longs(index).append(((Number) value).longValue());
      case FLOAT64 -> batch.doubles(index).append(((Number) value).doubleValue());
      case DECIMAL ->
          batch
              .decimals(index)
              .append(value instanceof BigDecimal d ? d : new BigDecimal((String) value));
      case STRING, JSON -> batch.bytes(index).append((String) value);
      case BYTES -> batch.bytes(index).append((byte[]) value);
      case DATE -> batch.longs(index).append(Calendars.date((LocalDate) value));
      case DATETIME -> batch.longs(index).append(Calendars.dateTime((LocalDateTime) value));
      case TIMESTAMP -> batch.longs(index).append(Calendars.timestamp((Instant) value));
    }
  }
}
