package io.millrace.stream;

import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/** Prints a batch, one line a row, in the canonical text of its values; NULL as {@code null}. */
final class RowPrinter implements Consumer<RecordBatch> {

  private final PrintedLines lines;
  private final String delimiter;
  private final Charset charset;

  RowPrinter(PrintedLines lines, String delimiter, Charset charset) {
    this.lines = lines;
    this.delimiter = delimiter;
    this.charset = charset;
  }

  @Override
  public void accept(RecordBatch batch) {
    StringBuilder text = new StringBuilder();
    RecordView record = new RecordView(batch);
    while (record.next()) {
      for (int i = 0; i < batch.schema().size(); i++) {
        text.append(i == 0 ? "" : delimiter).append(record.text(i));
      }
      text.append('\n');
    }
    lines.print(text.toString().getBytes(charset));
  }
}
