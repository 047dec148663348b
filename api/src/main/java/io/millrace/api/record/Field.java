package io.millrace.api.record;

import org.jspecify.annotations.Nullable;

/**
 * The name and type of one column of a {@link Schema}. Immutable.
 *
 * @param name as the other end calls it; need not be unique
 * @param type the logical type
 * @param nullable false only when the other end promises that NULL cannot occur
 * @param bits for INT64 and FLOAT64 the width (8, 16, 24, 32, 64, or n of a BIT(n)); else 0
 * @param unsigned for INT64: the bits are an unsigned number. With 64 bits the {@code long} holds
 *     them in two's complement, as {@link Long#toUnsignedString(long)} reads them
 * @param precision for DECIMAL the number of digits; 0 when unknown
 * @param scale for DECIMAL the digits after the point; for TIME, DATETIME and TIMESTAMP the digits
 *     of the fraction of a second
 * @param maxLength for STRING the most characters, for BYTES the most bytes; 0 when unknown or
 *     without bound
 * @param nativeType the other end's own type, such as {@code bigint unsigned}; null when there is
 *     none. For messages and for connectors of the same family
 */
public record Field(
    String name,
    ColumnType type,
    boolean nullable,
    int bits,
    boolean unsigned,
    int precision,
    int scale,
    long maxLength,
    @Nullable String nativeType) {

  /** A nullable field with the widest form of {@code type}. */
  public static Field of(String name, ColumnType type) {
    int bits = type == ColumnType.INT64 || type == ColumnType.FLOAT64 ? 64 : 0;
    int scale =
        switch (type) {
          case TIME, DATETIME, TIMESTAMP -> 6;
          default -> 0;
        };
    return new Field(name, type, true, bits, false, 0, scale, 0, null);
  }

  /** A nullable DECIMAL field. */
  public static Field decimal(String name, int precision, int scale) {
    return new Field(name, ColumnType.DECIMAL, true, 0, false, precision, scale, 0, null);
  }

  /** The same field under another name. */
  public Field withName(String other) {
    return new Field(
        other, type, nullable, bits, unsigned, precision, scale, maxLength, nativeType);
  }

  /** The same field that may or may not be NULL. */
  public Field withNullable(boolean value) {
    return new Field(name, type, value, bits, unsigned, precision, scale, maxLength, nativeType);
  }

  /** The same field as an integer or float of other bits. */
  public Field withBits(int width, boolean isUnsigned) {
    return new Field(
        name, type, nullable, width, isUnsigned, precision, scale, maxLength, nativeType);
  }

  /** The same field with other digits after the point or of a second. */
  public Field withScale(int digits) {
    return new Field(
        name, type, nullable, bits, unsigned, precision, digits, maxLength, nativeType);
  }

  /** The same field with a bound on its length. */
  public Field withMaxLength(long length) {
    return new Field(name, type, nullable, bits, unsigned, precision, scale, length, nativeType);
  }

  /** The same field with the other end's own type name. */
  public Field withNativeType(@Nullable String nativeName) {
    return new Field(name, type, nullable, bits, unsigned, precision, scale, maxLength, nativeName);
  }
}
