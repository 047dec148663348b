package io.millrace.api.record;

/** The logical types that travel between connectors, and the column class that holds each. */
public enum ColumnType {
  /** 0 or 1 in a {@link LongColumn}. */
  BOOLEAN,
  /** A whole number of up to 64 bits in a {@link LongColumn}; see {@link Field#unsigned()}. */
  INT64,
  /** An IEEE 754 double in a {@link DoubleColumn}; a float is carried exactly. */
  FLOAT64,
  /** An exact decimal in a {@link DecimalColumn}. */
  DECIMAL,
  /** UTF-8 text in a {@link BytesColumn}. */
  STRING,
  /** A JSON document as UTF-8 text in a {@link BytesColumn}; nested values travel so. */
  JSON,
  /** Bytes without a character set in a {@link BytesColumn}. */
  BYTES,
  /** A signed time of day or duration in microseconds in a {@link LongColumn}. */
  TIME,
  /** Calendar fields without time, packed by {@link Calendars}, in a {@link LongColumn}. */
  DATE,
  /** Wall-clock calendar fields, packed by {@link Calendars}, in a {@link LongColumn}. */
  DATETIME,
  /**
   * An instant in microseconds since 1970-01-01T00:00:00Z in a {@link LongColumn}; {@link
   * Calendars#ZERO_TIMESTAMP} stands for MySQL's {@code 0000-00-00 00:00:00}.
   */
  TIMESTAMP
}
