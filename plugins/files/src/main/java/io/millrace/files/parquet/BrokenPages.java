package io.millrace.files.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Says in one line, with the column, what the decoders found in its pages. Stateless. */
final class BrokenPages {

  private BrokenPages() {}

  static IOException of(String column, Throwable e) {
    if (e instanceof UncheckedIOException told) {
      return told.getCause();
    }
    String of = "the pages of column '" + column + "' ";
    if (e instanceof OutOfMemoryError) {
      // What the decoders allocate by the numbers in a page, and PageBounds cannot see.
      return new IOException(
          of + "ask for more memory than there is: give the heap more, or the task fewer channels");
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new IOException(of + "are broken: " + Footer.firstLine(cause), e);
  }
}
