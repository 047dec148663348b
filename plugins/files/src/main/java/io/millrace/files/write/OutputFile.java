package io.millrace.files.write;

import io.millrace.api.DirtyRecords;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.Format;
import io.millrace.files.format.RecordOutput;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedOutput;
import java.io.IOException;

/** A file that is being written: records in, staged bytes out. */
final class OutputFile implements AutoCloseable {

  private final StagedOutput staged;
  private final RecordOutput records;

  private OutputFile(StagedOutput staged, RecordOutput records) {
    this.staged = staged;
    this.records = records;
  }

  static OutputFile create(StagedOutput staged, Format format, Schema schema, boolean header)
      throws IOException {
    try {
      return new OutputFile(staged, format.create(staged, schema, header));
    } catch (IOException | RuntimeException e) {
      staged.close();
      throw e;
    }
  }

  int write(RecordBatch batch, int from, int to, DirtyRecords dirty) throws IOException {
    return records.write(batch, from, to, dirty);
  }

  /** The bytes it has so far, roughly. */
  long size() {
    return staged.size() + records.buffered();
  }

  StagedFile finish() throws IOException {
    records.finish();
    return staged.finish();
  }

  @Override
  public void close() {
    records.close();
    staged.close();
  }
}
