package io.millrace.files.format;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * How values of dirty records are kept, so that they can be written later as what was read.
 * Stateless.
 */
public final class RawValues {

  /** A longer value is not kept, only its beginning. */
  public static final int MOST_BYTES = 1 << 20;

  private static final int SHOWN_BYTES = 400;

  private RawValues() {}

  /** A value that could be read, in its canonical text. */
  public static RawValue of(Column column, int row) {
    ColumnType type = column.field().type();
    if (column.isNull(row)) {
      return new RawValue(type.name(), 0, null);
    }
    if (!(column instanceof BytesColumn bytes)) {
      String text = String.valueOf(Texts.text(column, row));
      return new RawValue(type.name(), text.length(), text);
    }
    int length = bytes.length(row);
    if (type != ColumnType.BYTES || length > MOST_BYTES) {
      return bytes(type.name(), bytes.buffer(), bytes.offset(row), length);
    }
    return new RawValue(type.name(), length, Texts.text(column, row));
  }

  /** Bytes as they were read: as text where they are UTF-8, else in base64. */
  public static RawValue bytes(String type, byte[] bytes, int offset, int length) {
    if (length > MOST_BYTES) {
      String beginning = new String(bytes, offset, SHOWN_BYTES, StandardCharsets.UTF_8);
      return said(type, length, beginning + "…");
    }
    try {
      // A new decoder reports what the constructor of String would replace.
      ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
      String text = StandardCharsets.UTF_8.newDecoder().decode(source).toString();
      return new RawValue(type, length, text);
    } catch (CharacterCodingException e) {
      byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
      return new RawValue(type, length, Base64.getEncoder().encodeToString(copy), Kept.BASE64);
    }
  }

  /** What is known of a value that cannot be written later. */
  public static RawValue said(String type, long byteSize, String what) {
    return new RawValue(type, byteSize, what, Kept.CUT);
  }

  /** A value of which nothing is known. */
  public static RawValue lost(String type) {
    return new RawValue(type, 0, null, Kept.CUT);
  }

  /** What stands for a value that the record does not have, and need not have. */
  public static RawValue absent() {
    return new RawValue("ABSENT", 0, null, Kept.ABSENT);
  }
}
