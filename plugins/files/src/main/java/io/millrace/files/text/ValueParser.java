package io.millrace.files.text;

import io.millrace.api.record.Column;
import org.jspecify.annotations.Nullable;

/** Turns the text of one value into a value of a column. */
@FunctionalInterface
interface ValueParser {

  /**
   * Appends the value that {@code length} bytes of UTF-8 from {@code offset} stand for.
   *
   * @return null when it was appended, else what is wrong with the text; nothing was appended then
   */
  @Nullable String parse(byte[] bytes, int offset, int length, Column into);
}
