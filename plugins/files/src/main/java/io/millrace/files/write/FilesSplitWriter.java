package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stages the files of one try of a split. */
final class FilesSplitWriter implements SplitWriter {

  /** Records between two looks at the size of a file. */
  private static final int STRIDE = 256;

  private final WriteOptions options;
  private final FileStore store;
  private final Prepared prepared;
  private final Ledger ledger;
  private final String splitId;
  private final WriteContext context;
  private final List<StagedFile> files = new ArrayList<>();
  private @Nullable OutputFile open;
  private String name = "";
  private boolean committing;

  FilesSplitWriter(
      WriteOptions options,
      FileStore store,
      Prepared prepared,
      String splitId,
      WriteContext context) {
    this.options = options;
    this.store = store;
    this.prepared = prepared;
    this.splitId = splitId;
    this.context = context;
    this.ledger = new Ledger(store, area(), context.cancellation());
  }

  private String area() {
    return options.target().area(prepared.instance(), prepared.generation());
  }

  @Override
  public long write(RecordBatch batch) {
    try {
      long written = 0;
      for (int from = 0; from < batch.size(); from += STRIDE) {
        int to = Math.min(batch.size(), from + STRIDE);
        OutputFile file = file();
        written += file.write(batch, from, to, context.dirty());
        if (file.size() >= options.maxFileBytes()) {
          finish();
        }
      }
      return written;
    } catch (IOException e) {
      throw WriteErrors.of(e, store.describe(name), context.cancellation());
    }
  }

  private OutputFile file() throws IOException {
    OutputFile file = open;
    if (file == null) {
      name = fileName();
      file =
          OutputFile.create(
              store.stage(name, area(), context.cancellation()),
              options.format(),
              prepared.source(),
              options.header() && !options.single());
      open = file;
    }
    return file;
  }

  private String fileName() {
    if (options.single()) {
      return area() + "parts/" + splitId + "-" + files.size() + "-" + prepared.epoch();
    }
    return Names.of(options, prepared, splitId, files.size());
  }

  private void finish() throws IOException {
    OutputFile file = open;
    if (file != null) {
      files.add(file.finish());
      file.close();
      open = null;
    }
  }

  @Override
  public SplitCommit commit(SplitTally tally) {
    try {
      finish();
    } catch (IOException e) {
      throw WriteErrors.of(e, store.describe(name), context.cancellation());
    }
    if (options.single()) {
      // Nobody sees them where they are, and publishing has to read them.
      files.forEach(each -> store.complete(each, context.cancellation()));
    }
    SplitCommit commit = new SplitCommit(splitId, tally);
    committing = true;
    ledger.commit(new CommitRecord(commit, files), prepared.epoch());
    return commit;
  }

  /** What a commit may count on stays; anything else is swept with the area. */
  @Override
  public void close() {
    OutputFile file = open;
    if (file != null) {
      file.close();
      open = null;
    }
    if (committing) {
      return;
    }
    for (StagedFile each : files) {
      try {
        store.abort(each, NEVER);
      } catch (MillraceException e) {
        return; // it is swept with the area
      }
    }
    files.clear();
  }

  /** An abandoned try cleans up even when the attempt is cancelled. */
  private static final Cancellation NEVER =
      new Cancellation() {
        @Override
        public boolean isCancelled() {
          return false;
        }

        @Override
        public void throwIfCancelled() {}

        @Override
        public Registration onCancel(Runnable action) {
          return () -> {};
        }
      };
}
