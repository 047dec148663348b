package io.millrace.kafka.write;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.Texts;
import io.millrace.kafka.value.ByteSink;
import io.millrace.kafka.value.JsonText;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON and as text. NULLs are the caller's matter. Immutable. */
final class ValueText {

  private final @Nullable ZoneId zone;

  /**
   * @param zone in which a TIMESTAMP is written as a clock shows it, as DataX does; null for its
   *     canonical text, which is in UTC and says so
   */
  ValueText(@Nullable ZoneId zone) {
    this.zone = zone;
  }

  /**
   * Writes a value as JSON: numbers as numbers, JSON as it is, bytes as Base64, everything else in
   * its canonical text; an infinity as text, since JSON has none.
   */
  void json(ByteSink out, Column column, int row) {
    switch (column.field().type()) {
      case BOOLEAN -> out.ascii(((LongColumn) column).get(row) != 0 ? "true" : "false");
      case INT64 -> integer(out, column, row);
      case FLOAT64 -> {
        double value = ((DoubleColumn) column).get(row);
        if (Double.isFinite(value)) {
          out.ascii(Double.toString(value));
        } else {
          JsonText.string(out, Double.toString(value));
        }
      }
      case DECIMAL -> decimal(out, (DecimalColumn) column, row);
      case JSON -> raw(out, (BytesColumn) column, row);
      case STRING -> {
        BytesColumn bytes = (BytesColumn) column;
        JsonText.string(out, bytes.buffer(), bytes.offset(row), bytes.length(row));
      }
      case BYTES -> {
        out.write('"');
        base64(out, (BytesColumn) column, row);
        out.write('"');
      }
      case TIME, DATE, DATETIME -> {
        out.write('"');
        out.ascii(String.valueOf(Texts.text(column, row)));
        out.write('"');
      }
      case TIMESTAMP -> {
        out.write('"');
        out.ascii(moment(column, row));
        out.write('"');
      }
    }
  }

  /** Writes a value as text: as in JSON, without quotes. */
  void text(ByteSink out, Column column, int row) {
    switch (column.field().type()) {
      case INT64 -> integer(out, column, row);
      case DECIMAL -> decimal(out, (DecimalColumn) column, row);
      case STRING, JSON -> raw(out, (BytesColumn) column, row);
      case BYTES -> base64(out, (BytesColumn) column, row);
      case TIMESTAMP -> out.ascii(moment(column, row));
      default -> out.ascii(String.valueOf(Texts.text(column, row)));
    }
  }

  private String moment(Column column, int row) {
    String canonical = String.valueOf(Texts.text(column, row));
    long micros = ((LongColumn) column).get(row);
    if (zone == null) {
      return canonical;
    }
    if (micros == Calendars.ZERO_TIMESTAMP) {
      return canonical.substring(0, canonical.length() - 1);
    }
    String seconds = Texts.timestamp(micros - Math.floorMod(micros, 1_000_000L), zone);
    // A fraction is the same in every zone; the source's scale says how many zeros it has.
    int point = canonical.indexOf('.');
    return point < 0 ? seconds : seconds + canonical.substring(point, canonical.length() - 1);
  }

  /** Writes a value as a field of CSV: in quotes where it has to be. */
  void csv(ByteSink out, Column column, int row, byte[] delimiter) {
    int start = out.size();
    text(out, column, row);
    boolean quotes = out.size() == start;
    for (int i = start; i < out.size() && !quotes; i++) {
      byte b = out.buffer()[i];
      quotes = b == '"' || b == '\n' || b == '\r' || b == delimiter[0];
    }
    if (quotes) {
      byte[] plain = Arrays.copyOfRange(out.buffer(), start, out.size());
      out.truncate(start);
      out.write('"');
      for (byte b : plain) {
        if (b == '"') {
          out.write('"');
        }
        out.write(b);
      }
      out.write('"');
    }
  }

  private static void integer(ByteSink out, Column column, int row) {
    long value = ((LongColumn) column).get(row);
    out.ascii(column.field().unsigned() ? Long.toUnsignedString(value) : Long.toString(value));
  }

  private static void decimal(ByteSink out, DecimalColumn column, int row) {
    if (column.isWide(row)) {
      out.write(column.wideBuffer(), column.wideOffset(row), column.wideLength(row));
    } else {
      out.ascii(column.get(row).toPlainString());
    }
  }

  /** Writes the bytes of a text or of bytes as they are. */
  static void raw(ByteSink out, BytesColumn column, int row) {
    out.write(column.buffer(), column.offset(row), column.length(row));
  }

  private static void base64(ByteSink out, BytesColumn column, int row) {
    out.write(Base64.getEncoder().encode(column.get(row)));
  }
}
