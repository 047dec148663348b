package io.millrace.files.text;

import io.millrace.api.record.Column;

/** Writes the text of one value, which is not NULL. */
@FunctionalInterface
interface ValueWriter {

  /**
   * Appends the value's text in UTF-8.
   *
   * @throws java.time.DateTimeException when the user's form has no text for it
   */
  void write(Column column, int row, TextBuffer into);
}
