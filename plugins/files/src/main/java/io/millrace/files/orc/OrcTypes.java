package io.millrace.files.orc;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.orc.TypeDescription;

/** What the types of one side are on the other. Stateless. */
final class OrcTypes {

  /** The name of the attribute that says what ORC has no type for, such as an unsigned number. */
  static final String ATTRIBUTE = "millrace.type";

  /** ORC's decimals have so many digits. */
  static final int MAX_PRECISION = 38;

  private OrcTypes() {}

  /** The column of a file in records. */
  static Field field(String name, TypeDescription type) {
    String own = type.getAttributeValue(ATTRIBUTE);
    return switch (type.getCategory()) {
      case BOOLEAN -> Field.of(name, ColumnType.BOOLEAN);
      case BYTE -> integer(name, 8);
      case SHORT -> integer(name, 16);
      case INT -> integer(name, 32);
      case LONG -> own == null ? integer(name, 64) : marked(name, own);
      case FLOAT -> Field.of(name, ColumnType.FLOAT64).withBits(32, false);
      case DOUBLE -> Field.of(name, ColumnType.FLOAT64);
      case DECIMAL ->
          "uint64".equals(own) && type.getScale() == 0
              ? Field.of(name, ColumnType.INT64).withBits(64, true)
              : Field.decimal(name, type.getPrecision(), type.getScale());
      case STRING -> own == null ? Field.of(name, ColumnType.STRING) : text(name, own);
      case CHAR, VARCHAR -> Field.of(name, ColumnType.STRING).withMaxLength(type.getMaxLength());
      case BINARY, Geometry, Geography -> Field.of(name, ColumnType.BYTES);
      case DATE -> Field.of(name, ColumnType.DATE);
      case TIMESTAMP -> Field.of(name, ColumnType.DATETIME);
      case TIMESTAMP_INSTANT -> Field.of(name, ColumnType.TIMESTAMP);
      case LIST, MAP, STRUCT, UNION -> Field.of(name, ColumnType.JSON);
    };
  }

  private static Field integer(String name, int bits) {
    return Field.of(name, ColumnType.INT64).withBits(bits, false);
  }

  /** A mark that only our own files have; what it says is checked, value by value. */
  private static Field marked(String name, String mark) {
    return switch (mark) {
      case "uint8" -> Field.of(name, ColumnType.INT64).withBits(8, true);
      case "uint16" -> Field.of(name, ColumnType.INT64).withBits(16, true);
      case "uint32" -> Field.of(name, ColumnType.INT64).withBits(32, true);
      case "time" -> Field.of(name, ColumnType.TIME);
      default -> integer(name, 64);
    };
  }

  private static Field text(String name, String mark) {
    if (mark.equals("json")) {
      return Field.of(name, ColumnType.JSON);
    }
    if (mark.startsWith("decimal(")) {
      String[] parts = mark.substring(8, mark.length() - 1).split(",");
      try {
        return Field.decimal(name, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        return Field.of(name, ColumnType.STRING);
      }
    }
    return Field.of(name, ColumnType.STRING);
  }

  /** What a column of records is in a file. */
  static TypeDescription type(Field field) {
    return switch (field.type()) {
      case BOOLEAN -> TypeDescription.createBoolean();
      case INT64 -> integer(field);
      case FLOAT64 ->
          field.bits() == 32 ? TypeDescription.createFloat() : TypeDescription.createDouble();
      case DECIMAL -> decimal(field);
      case STRING -> TypeDescription.createString();
      case JSON -> TypeDescription.createString().setAttribute(ATTRIBUTE, "json");
      case BYTES -> TypeDescription.createBinary();
      case TIME -> TypeDescription.createLong().setAttribute(ATTRIBUTE, "time");
      case DATE -> TypeDescription.createDate();
      case DATETIME -> TypeDescription.createTimestamp();
      case TIMESTAMP -> TypeDescription.createTimestampInstant();
    };
  }

  private static TypeDescription integer(Field field) {
    int bits = field.bits();
    if (!field.unsigned()) {
      return bits <= 8
          ? TypeDescription.createByte()
          : bits <= 16
              ? TypeDescription.createShort()
              : bits <= 32 ? TypeDescription.createInt() : TypeDescription.createLong();
    }
    if (bits > 32) {
      // Twenty digits hold every one, and every reader shows them right.
      return TypeDescription.createDecimal()
          .withPrecision(20)
          .withScale(0)
          .setAttribute(ATTRIBUTE, "uint64");
    }
    return TypeDescription.createLong()
        .setAttribute(ATTRIBUTE, "uint" + (bits <= 8 ? 8 : bits <= 16 ? 16 : 32));
  }

  /** The digits of a decimal column in a file; beyond {@link #MAX_PRECISION} it is a text. */
  static int precision(Field field) {
    int asked = field.precision() == 0 ? MAX_PRECISION : field.precision();
    return Math.max(1, Math.max(asked, field.scale()));
  }

  private static TypeDescription decimal(Field field) {
    int precision = precision(field);
    if (precision > MAX_PRECISION) {
      return TypeDescription.createString()
          .setAttribute(ATTRIBUTE, "decimal(" + precision + "," + field.scale() + ")");
    }
    // The scale first: it is 10 by default, and a precision below it is refused.
    return TypeDescription.createDecimal().withScale(field.scale()).withPrecision(precision);
  }

  /** What stands in the file, as a reader would tell it. */
  static Schema check(Schema source) {
    Set<String> names = new HashSet<>();
    List<Field> fields = new ArrayList<>();
    for (Field field : source.fields()) {
      if (field.name().isEmpty() || !names.add(field.name())) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "an ORC file needs a name of its own for each column: '"
                + field.name()
                + "' is "
                + (field.name().isEmpty() ? "none" : "there twice")
                + "; give names in the reader's option column");
      }
      if (field.type() == ColumnType.DECIMAL && field.scale() < 0) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "column '"
                + Sensitive.name(field.name())
                + "' has a negative scale, which ORC does not know");
      }
      fields.add(field(field.name(), type(field)));
    }
    return new Schema(fields);
  }

  static TypeDescription schema(Schema source) {
    TypeDescription schema = TypeDescription.createStruct();
    for (Field field : source.fields()) {
      schema.addField(field.name(), type(field));
    }
    return schema;
  }
}
