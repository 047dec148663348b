package io.millrace.files.text;

import io.millrace.api.TaskContext;
import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Turns values of one type into another by way of the text that stands for them in csv, so that a
 * column means the same in every format. Used by one thread.
 */
public final class TextConversion {

  private final ValueWriter writer;
  private final ValueParser parser;
  private final TextBuffer buffer = new TextBuffer();

  /**
   * @param format how texts are written, such as {@code yyyy/MM/dd}; null for the usual forms
   * @throws IllegalArgumentException when the format does not suit the type
   */
  public TextConversion(Field from, Field to, @Nullable String format, TaskContext task) {
    this.writer = ValueWriters.of(from, null, task.zone(), task.rules().isForeign());
    this.parser = ValueParsers.of(to, format, task.zone());
  }

  /** Appends the value, which is not NULL; null, or why it cannot be: nothing was appended then. */
  public @Nullable String convert(Column source, int row, Column into) {
    buffer.truncate(0);
    writer.write(source, row, buffer);
    return parser.parse(buffer.bytes(), 0, buffer.size(), into);
  }

  /**
   * Appends the value that a text stands for; null, or what is wrong with it.
   *
   * @throws IllegalArgumentException when the format does not suit the type
   */
  public static @Nullable String parse(
      String text, Field to, @Nullable String format, ZoneId zone, Column into) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ValueParsers.of(to, format, zone).parse(bytes, 0, bytes.length, into);
  }

  /** Whether bytes are text in UTF-8. */
  public static boolean isUtf8(byte[] bytes, int offset, int length) {
    return Utf8.isValid(bytes, offset, length);
  }
}
