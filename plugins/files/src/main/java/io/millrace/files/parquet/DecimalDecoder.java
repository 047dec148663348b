package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Decimals: a whole number of any width that is to be divided by a power of ten. */
final class DecimalDecoder extends Decoder {

  private static final long COMPACT = 1_000_000_000_000_000_000L;

  /** More digits than any program means. */
  private static final int MAX_BYTES = 256;

  private final long most;
  private final BigInteger limit;

  DecimalDecoder(Field field) {
    super(field);
    this.limit = BigInteger.TEN.pow(field.precision());
    this.most = limit.bitLength() < Long.SIZE ? limit.longValue() - 1 : Long.MAX_VALUE;
  }

  private String tooWide(BigInteger unscaled) {
    return new BigDecimal(unscaled, field().scale()).toPlainString()
        + " has more digits than its column, decimal("
        + field().precision()
        + ","
        + field().scale()
        + ")";
  }

  @Override
  RawValue rejected(long value) {
    String text = BigDecimal.valueOf(value, field().scale()).toPlainString();
    return new RawValue(field().type().name(), text.length(), text);
  }

  @Override
  RawValue rejected(Binary value) {
    byte[] bytes = value.getBytes();
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      return super.rejected(value);
    }
    String text = new BigDecimal(new BigInteger(bytes), field().scale()).toPlainString();
    return new RawValue(field().type().name(), bytes.length, text);
  }

  @Override
  @Nullable String int32(int value, Column into) {
    return int64(value, into);
  }

  @Override
  @Nullable String int64(long value, Column into) {
    if (value > most || -value > most) {
      return tooWide(BigInteger.valueOf(value));
    }
    DecimalColumn decimals = (DecimalColumn) into;
    if (value < COMPACT && value > -COMPACT) {
      decimals.append(value);
    } else {
      decimals.append(BigDecimal.valueOf(value, field().scale()));
    }
    return null;
  }

  @Override
  @Nullable String binary(Binary value, Column into) {
    ByteBuffer bytes = value.toByteBuffer();
    int length = bytes.remaining();
    if (length == 0 || length > MAX_BYTES) {
      return "a decimal has " + length + " bytes";
    }
    if (length <= Long.BYTES) {
      long unscaled = bytes.get();
      while (bytes.hasRemaining()) {
        unscaled = unscaled << 8 | bytes.get() & 0xff;
      }
      return int64(unscaled, into);
    }
    byte[] copy = new byte[length];
    bytes.get(copy);
    BigInteger unscaled = new BigInteger(copy);
    if (unscaled.bitLength() < Long.SIZE) {
      return int64(unscaled.longValue(), into);
    }
    if (unscaled.abs().compareTo(limit) >= 0) {
      return tooWide(unscaled);
    }
    ((DecimalColumn) into).append(new BigDecimal(unscaled, field().scale()));
    return null;
  }
}
