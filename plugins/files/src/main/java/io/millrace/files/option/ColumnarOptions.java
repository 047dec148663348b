package io.millrace.files.option;

import io.millrace.api.TaskContext;
import io.millrace.api.option.Options;
import io.millrace.files.format.Format;
import io.millrace.files.orc.OrcFormat;
import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;

/** What of the options concerns formats whose files hold their own types. */
final class ColumnarOptions {

  private ColumnarOptions() {}

  static Format format(Options options, TaskContext task, FileFormat kind) {
    String name = options.find(FormatOptions.COMPRESS).orElse("").strip();
    try {
      return kind == FileFormat.ORC
          ? new OrcFormat(name.isEmpty() ? "zlib" : name, task)
          : new ParquetFormat(PageCodec.of(name.isEmpty() ? "snappy" : name), task);
    } catch (IllegalArgumentException e) {
      throw FormatOptions.wrong("option 'compress': " + e.getMessage());
    }
  }
}
