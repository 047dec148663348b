package io.millrace.kafka.value;

import io.millrace.api.Counted;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;

/** What the bytes of a key or a value are, in Kafka's own binary forms. */
public enum BinaryType {
  STRING,
  BYTE_ARRAY,
  DOUBLE,
  FLOAT,
  INTEGER,
  LONG,
  SHORT;

  /** The column that holds it. */
  public Field field(String name) {
    return switch (this) {
      case STRING -> Field.of(name, ColumnType.STRING);
      case BYTE_ARRAY -> Field.of(name, ColumnType.BYTES);
      case DOUBLE -> Field.of(name, ColumnType.FLOAT64);
      case FLOAT -> Field.of(name, ColumnType.FLOAT64).withBits(32, false);
      case INTEGER -> Field.of(name, ColumnType.INT64).withBits(32, false);
      case LONG -> Field.of(name, ColumnType.INT64);
      case SHORT -> Field.of(name, ColumnType.INT64).withBits(16, false);
    };
  }

  /** How many bytes it takes; 0 for any number. */
  public int size() {
    return switch (this) {
      case STRING, BYTE_ARRAY -> 0;
      case DOUBLE, LONG -> 8;
      case FLOAT, INTEGER -> 4;
      case SHORT -> 2;
    };
  }

  /**
   * Reads the bits of a whole number.
   *
   * @throws BadValueException when it has another size
   */
  public long bits(byte[] bytes, int offset, int length) throws BadValueException {
    if (length != size()) {
      throw new BadValueException(
          "BAD_VALUE",
          Counted.of(length, "byte is", "bytes are") + " no " + name() + ", which has " + size());
    }
    long bits = bytes[offset];
    for (int i = 1; i < length; i++) {
      bits = bits << 8 | bytes[offset + i] & 0xFF;
    }
    return bits;
  }
}
