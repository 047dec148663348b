package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Column;
import io.millrace.files.columnar.ValueSource;
import io.millrace.files.format.RawValues;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** The values of a column that is not nested, row group after row group. Used by one thread. */
abstract class FlatSource implements ValueSource {

  private final int present;
  private final PrimitiveTypeName stored;
  final Decoder decoder;
  private @Nullable ColumnReader reader;
  private RawValue rejected = RawValues.lost("UNKNOWN");

  private FlatSource(ColumnDescriptor column, Decoder decoder) {
    this.present = column.getMaxDefinitionLevel();
    this.stored = column.getPrimitiveType().getPrimitiveTypeName();
    this.decoder = decoder;
  }

  static FlatSource of(ColumnDescriptor column, Decoder decoder) {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN ->
          new FlatSource(column, decoder) {
            @Override
            @Nullable String value(ColumnReader reader, Column into) {
              return decoder.bool(reader.getBoolean(), into);
            }
          };
      case INT32 ->
          new FlatSource(column, decoder) {
            @Override
            @Nullable String value(ColumnReader reader, Column into) {
              return decoder.int32(reader.getInteger(), into);
            }
          };
      case INT64 ->
          new FlatSource(column, decoder) {
            @Override
            @Nullable String value(ColumnReader reader, Column into) {
              return decoder.int64(reader.getLong(), into);
            }
          };
      case FLOAT ->
          new FlatSource(column, decoder) {
            @Override
            @Nullable String value(ColumnReader reader, Column into) {
              return decoder.real(reader.getFloat(), into);
            }
          };
      case DOUBLE ->
          new FlatSource(column, decoder) {
            @Override
            @Nullable String value(ColumnReader reader, Column into) {
              return decoder.real(reader.getDouble(), into);
            }
          };
      case INT96, BINARY, FIXED_LEN_BYTE_ARRAY ->
          new FlatSource(column, decoder) {
            @Override
            @Nullable String value(ColumnReader reader, Column into) {
              return decoder.binary(reader.getBinary(), into);
            }
          };
    };
  }

  /** Goes on in another row group. */
  void open(ColumnReader next) {
    reader = next;
  }

  @Override
  public @Nullable String next(Column into) throws IOException {
    ColumnReader open = reader;
    if (open == null) {
      throw new IllegalStateException("no row group is open");
    }
    try {
      String wrong = null;
      if (open.getCurrentDefinitionLevel() < present) {
        into.appendNull();
      } else {
        wrong = value(open, into);
        if (wrong != null) {
          rejected = rejected(open);
        }
      }
      open.consume();
      return wrong;
    } catch (RuntimeException | OutOfMemoryError e) {
      throw BrokenPages.of(decoder.field().name(), e);
    }
  }

  private RawValue rejected(ColumnReader open) {
    return switch (stored) {
      case BOOLEAN -> decoder.rejected(open.getBoolean() ? 1L : 0L);
      case INT32 -> decoder.rejected((long) open.getInteger());
      case INT64 -> decoder.rejected(open.getLong());
      case FLOAT -> decoder.rejected((double) open.getFloat());
      case DOUBLE -> decoder.rejected(open.getDouble());
      case INT96, BINARY, FIXED_LEN_BYTE_ARRAY -> decoder.rejected(open.getBinary());
    };
  }

  @Override
  public RawValue rejected() {
    return rejected;
  }

  abstract @Nullable String value(ColumnReader open, Column into);
}
