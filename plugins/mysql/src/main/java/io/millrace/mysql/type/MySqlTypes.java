package io.millrace.mysql.type;

import com.mysql.cj.MysqlType;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The logical type of each native type. */
public final class MySqlTypes {

  /** The native type of a JSON document. */
  public static final String JSON = "json";

  /** The same of one of which the server is asked for its text only. */
  public static final String JSON_AS_TEXT = "json as text";

  private static final Set<String> INTEGERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint");

  private static final Set<String> GEOMETRIES =
      Set.of(
          "geometry",
          "point",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection",
          "geomcollection");

  /** Collation 63 is {@code binary}: bytes without a character set. */
  private static final int BINARY_COLLATION = 63;

  private static final int UNSIGNED_FLAG = 32;
  private static final int NOT_NULL_FLAG = 1;
  private static final int ENUM_FLAG = 256;
  private static final int SET_FLAG = 2048;

  /** The decimals of a floating point value that has no fixed number of them. */
  private static final int NOT_FIXED_DECIMALS = 31;

  private MySqlTypes() {}

  /** True for TINYINT to BIGINT; YEAR and BIT are not integers in this sense. */
  public static boolean isInteger(String dataType) {
    return INTEGERS.contains(dataType);
  }

  /**
   * True for a column of this product that holds geometries: bytes of a number that names the
   * spatial reference system, and of the geometry as WKB behind it.
   */
  public static boolean isGeometry(Field field) {
    return field.type() == ColumnType.BYTES
        && field.nativeType() != null
        && GEOMETRIES.contains(field.nativeType().toLowerCase(Locale.ROOT));
  }

  /**
   * What {@code information_schema.COLUMNS} says of a column.
   *
   * @param characterLength the most characters, or 0
   * @param octetLength the most bytes, or 0
   * @param fractionDigits digits of the fraction of a second
   */
  public record Definition(
      String name,
      String dataType,
      String columnType,
      boolean nullable,
      long characterLength,
      long octetLength,
      int precision,
      int scale,
      int fractionDigits,
      @Nullable String charset) {}

  /** The logical type of a table's column, or empty for one that cannot be carried. */
  public static Optional<Field> field(Definition column) {
    String type = column.dataType.toLowerCase(Locale.ROOT);
    boolean unsigned = column.columnType.toLowerCase(Locale.ROOT).contains("unsigned");
    Field field =
        switch (type) {
          case "tinyint" -> integer(column, 8, unsigned);
          case "smallint" -> integer(column, 16, unsigned);
          case "mediumint" -> integer(column, 24, unsigned);
          case "int" -> integer(column, 32, unsigned);
          case "bigint" -> integer(column, 64, unsigned);
          case "bit" -> integer(column, Math.max(1, column.precision), true);
          case "year" -> integer(column, 16, true);
          case "float" -> base(column, ColumnType.FLOAT64).withBits(32, false);
          case "double" -> base(column, ColumnType.FLOAT64).withBits(64, false);
          case "decimal" -> decimal(column);
          case "date" -> base(column, ColumnType.DATE);
          case "datetime" -> base(column, ColumnType.DATETIME).withScale(column.fractionDigits);
          case "timestamp" -> base(column, ColumnType.TIMESTAMP).withScale(column.fractionDigits);
          case "time" -> base(column, ColumnType.TIME).withScale(column.fractionDigits);
          case "json" -> base(column, ColumnType.JSON);
          case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" ->
              base(column, ColumnType.STRING).withMaxLength(column.characterLength);
          case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
              base(column, ColumnType.BYTES).withMaxLength(column.octetLength);
          case "geometry",
              "point",
              "linestring",
              "polygon",
              "multipoint",
              "multilinestring",
              "multipolygon",
              "geometrycollection",
              "geomcollection" ->
              base(column, ColumnType.BYTES);
          case "uuid" -> base(column, ColumnType.STRING).withMaxLength(36);
          case "inet6" -> base(column, ColumnType.STRING).withMaxLength(45);
          case "inet4" -> base(column, ColumnType.STRING).withMaxLength(15);
          default -> null;
        };
    return Optional.ofNullable(field);
  }

  private static Field base(Definition column, ColumnType type) {
    String text = column.columnType;
    String nativeType = column.charset == null ? text : text + " charset " + column.charset;
    return new Field(column.name, type, column.nullable, 0, false, 0, 0, 0, nativeType);
  }

  private static Field integer(Definition column, int bits, boolean unsigned) {
    return base(column, ColumnType.INT64).withBits(bits, unsigned);
  }

  private static Field decimal(Definition column) {
    return new Field(
        column.name,
        ColumnType.DECIMAL,
        column.nullable,
        0,
        false,
        column.precision,
        column.scale,
        0,
        column.columnType);
  }

  /**
   * The logical type of a result's column, or empty for one that cannot be carried. Its texts are
   * taken for utf8mb4, the session's character_set_results.
   */
  public static Optional<Field> field(com.mysql.cj.result.Field column) {
    String name = column.getName() == null ? "" : column.getName();
    boolean nullable = (column.getFlags() & NOT_NULL_FLAG) == 0;
    boolean unsigned = (column.getFlags() & UNSIGNED_FLAG) != 0;
    boolean binary = column.getCollationIndex() == BINARY_COLLATION;
    int decimals = column.getDecimals();
    long length = column.getLength();
    Result result = new Result(name, nullable);
    Field field =
        switch (column.getMysqlTypeId()) {
          case MysqlType.FIELD_TYPE_TINY -> result.integer("tinyint", 8, unsigned);
          case MysqlType.FIELD_TYPE_SHORT -> result.integer("smallint", 16, unsigned);
          case MysqlType.FIELD_TYPE_INT24 -> result.integer("mediumint", 24, unsigned);
          case MysqlType.FIELD_TYPE_LONG -> result.integer("int", 32, unsigned);
          case MysqlType.FIELD_TYPE_LONGLONG -> result.integer("bigint", 64, unsigned);
          case MysqlType.FIELD_TYPE_BIT ->
              result
                  .of(ColumnType.INT64, "bit(" + length + ")")
                  .withBits((int) Math.max(1, Math.min(64, length)), true);
          case MysqlType.FIELD_TYPE_YEAR -> result.of(ColumnType.INT64, "year").withBits(16, true);
          case MysqlType.FIELD_TYPE_FLOAT ->
              result.of(ColumnType.FLOAT64, "float").withBits(32, false);
          case MysqlType.FIELD_TYPE_DOUBLE ->
              result.of(ColumnType.FLOAT64, doubleType(length, decimals)).withBits(64, false);
          case MysqlType.FIELD_TYPE_DECIMAL, MysqlType.FIELD_TYPE_NEWDECIMAL ->
              result.decimal(length, decimals, unsigned);
          case MysqlType.FIELD_TYPE_DATE -> result.of(ColumnType.DATE, "date");
          case MysqlType.FIELD_TYPE_DATETIME -> result.time(ColumnType.DATETIME, decimals);
          case MysqlType.FIELD_TYPE_TIMESTAMP -> result.time(ColumnType.TIMESTAMP, decimals);
          case MysqlType.FIELD_TYPE_TIME -> result.time(ColumnType.TIME, decimals);
          case MysqlType.FIELD_TYPE_JSON -> result.of(ColumnType.JSON, JSON);
          case MysqlType.FIELD_TYPE_GEOMETRY -> result.of(ColumnType.BYTES, "geometry");
          case MysqlType.FIELD_TYPE_NULL -> result.of(ColumnType.STRING, "null");
          case MysqlType.FIELD_TYPE_ENUM,
              MysqlType.FIELD_TYPE_SET,
              MysqlType.FIELD_TYPE_STRING,
              MysqlType.FIELD_TYPE_VARCHAR,
              MysqlType.FIELD_TYPE_VAR_STRING,
              MysqlType.FIELD_TYPE_TINY_BLOB,
              MysqlType.FIELD_TYPE_BLOB,
              MysqlType.FIELD_TYPE_MEDIUM_BLOB,
              MysqlType.FIELD_TYPE_LONG_BLOB ->
              binary ? result.bytes(length) : result.text(column.getFlags(), length);
          default -> null;
        };
    return Optional.ofNullable(field);
  }

  /** A double with fixed digits is written with just these, which may not be all it has. */
  private static String doubleType(long length, int decimals) {
    return decimals > 0 && decimals < NOT_FIXED_DECIMALS
        ? "double(" + length + "," + decimals + ")"
        : "double";
  }

  private record Result(String name, boolean nullable) {

    Field of(ColumnType type, String nativeType) {
      return new Field(name, type, nullable, 0, false, 0, 0, 0, nativeType);
    }

    Field integer(String nativeType, int bits, boolean unsigned) {
      return of(ColumnType.INT64, unsigned ? nativeType + " unsigned" : nativeType)
          .withBits(bits, unsigned);
    }

    Field decimal(long length, int scale, boolean unsigned) {
      // The driver has already taken sign and point off the display length.
      int precision = Math.max(Math.max(1, scale), (int) Math.min(65, length));
      String nativeType =
          "decimal(" + precision + "," + scale + ")" + (unsigned ? " unsigned" : "");
      return new Field(
          name, ColumnType.DECIMAL, nullable, 0, false, precision, scale, 0, nativeType);
    }

    Field time(ColumnType type, int decimals) {
      int digits = decimals == NOT_FIXED_DECIMALS ? 6 : Math.min(6, decimals);
      String name = type.name().toLowerCase(Locale.ROOT);
      return of(type, digits == 0 ? name : name + "(" + digits + ")").withScale(digits);
    }

    Field text(int flags, long bytes) {
      String nativeType =
          (flags & ENUM_FLAG) != 0 ? "enum" : (flags & SET_FLAG) != 0 ? "set" : "text";
      return of(ColumnType.STRING, nativeType).withMaxLength((bytes + 3) / 4);
    }

    Field bytes(long bytes) {
      return of(ColumnType.BYTES, "binary").withMaxLength(bytes);
    }
  }

  /** The error for a column whose type cannot be carried. */
  public static MillraceException unsupported(String column, String nativeType) {
    return new MillraceException(
        StandardError.READ_REFUSED,
        "column '"
            + column
            + "' has the type "
            + nativeType
            + ", which cannot be carried; leave the column out, or select a text or binary form of"
            + " it, such as HEX(column)");
  }
}
