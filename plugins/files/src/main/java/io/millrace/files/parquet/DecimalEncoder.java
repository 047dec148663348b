package io.millrace.files.parquet;

import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.Field;
import io.millrace.files.columnar.Checks;
import java.util.Arrays;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Decimals as whole numbers of the width that the column's digits need. */
final class DecimalEncoder extends Encoder {

  private final int precision;
  private final int scale;
  private final PrimitiveTypeName stored;
  private final byte[] fixed;

  DecimalEncoder(Field field, PrimitiveType type) {
    this.precision = ParquetTypes.precision(field);
    this.scale = field.scale();
    this.stored = type.getPrimitiveTypeName();
    this.fixed = new byte[Math.max(1, type.getTypeLength())];
  }

  @Override
  public @Nullable String check(Column column, int row) {
    return Checks.decimal((DecimalColumn) column, row, precision, scale);
  }

  @Override
  void write(Column column, int row, int level, ColumnWriter out) {
    DecimalColumn decimals = (DecimalColumn) column;
    switch (stored) {
      case INT32 -> out.write((int) unscaled(decimals, row), 0, level);
      case INT64 -> out.write(unscaled(decimals, row), 0, level);
      default -> {
        fill(decimals, row);
        out.write(Binary.fromReusedByteArray(fixed), 0, level);
      }
    }
  }

  private long unscaled(DecimalColumn column, int row) {
    return column.isWide(row)
        ? column.get(row).setScale(scale).unscaledValue().longValueExact()
        : column.unscaled(row);
  }

  private void fill(DecimalColumn column, int row) {
    if (column.isWide(row)) {
      byte[] bytes = column.get(row).setScale(scale).unscaledValue().toByteArray();
      int from = fixed.length - bytes.length;
      Arrays.fill(fixed, 0, from, (byte) (bytes[0] < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, fixed, from, bytes.length);
      return;
    }
    long value = column.unscaled(row);
    for (int i = fixed.length - 1; i >= 0; i--) {
      fixed[i] = (byte) value;
      value >>= 8;
    }
  }
}
