package io.millrace.mysql.read;

import io.millrace.api.record.Field;

/** The text form in which the server sends a value, and so how it is read. */
enum ValueForm {
  /** Decimal digits, perhaps with a sign or leading zeros. */
  INTEGER,
  /** The bits themselves, most significant byte first. */
  BITS,
  /** A floating point number with as many digits as tell it apart. */
  FLOAT,
  /** Plain decimal notation. */
  DECIMAL,
  /** UTF-8 text, or bytes. */
  BYTES,
  /** {@code yyyy-mm-dd}. */
  DATE,
  /** {@code yyyy-mm-dd hh:mm:ss[.ffffff]}. */
  DATETIME,
  /** {@code [-]hhh:mm:ss[.ffffff]}. */
  TIME,
  /** What UNIX_TIMESTAMP gives: seconds, perhaps with a fraction; 0 for the zero timestamp. */
  EPOCH;

  /** The form of a column that is selected as {@link SelectItem} prescribes. */
  static ValueForm of(Field field) {
    return switch (field.type()) {
      case BOOLEAN -> INTEGER;
      case INT64 ->
          field.nativeType() != null && field.nativeType().startsWith("bit(") ? BITS : INTEGER;
      case FLOAT64 -> FLOAT;
      case DECIMAL -> DECIMAL;
      case STRING, JSON, BYTES -> BYTES;
      case DATE -> DATE;
      case DATETIME -> DATETIME;
      case TIME -> TIME;
      case TIMESTAMP -> EPOCH;
    };
  }
}
