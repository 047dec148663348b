package io.millrace.files.write;

import io.millrace.api.DirtyRecords;
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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stages the files of one try of a split. */
final class FilesSplitWriter implements SplitWriter {

  /** Records between two looks at the size of a file. */
  private static final int STRIDE = 256;

  /** Files of partitions that are open at once; each may hold a part of several megabytes. */
  private static final int MOST_OPEN = 8;

  private final WriteOptions options;
  private final FileStore store;
  private final Prepared prepared;
  private final Ledger ledger;
  private final String splitId;
  private final WriteContext context;
  private final @Nullable Partitions partitions;
  private final String group;
  private final boolean part;
  private final List<StagedFile> files = new ArrayList<>();

  /** By the folders of the partition, the one used last at the end. */
  private final Map<String, OutputFile> open = new LinkedHashMap<>(16, 0.75f, true);

  private int begun;
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
    this.group = options.single() || !options.joins() ? "" : context.group().orElse("");
    this.part = options.isPart(group);
    this.ledger = new OwnFiles(store, options, prepared).ledger(context.cancellation());
    List<String> columns = options.target().partitions();
    this.partitions = columns.isEmpty() ? null : Partitions.of(prepared.source(), columns);
  }

  private String area() {
    return options.target().area(prepared.instance(), prepared.generation());
  }

  @Override
  public long write(RecordBatch batch) {
    try {
      return partitions == null ? writePlain(batch) : writePartitions(partitions, batch);
    } catch (IOException e) {
      throw WriteErrors.of(e, store.describe(name), context.cancellation());
    }
  }

  private long writePlain(RecordBatch batch) throws IOException {
    long written = 0;
    for (int from = 0; from < batch.size(); from += STRIDE) {
      int to = Math.min(batch.size(), from + STRIDE);
      written += write("", batch, from, to, context.dirty());
    }
    return written;
  }

  /** Writes neighbours of the same partition together. */
  private long writePartitions(Partitions own, RecordBatch batch) throws IOException {
    @Nullable String[] folders = new String[batch.size()];
    for (int row = 0; row < folders.length; row++) {
      folders[row] = own.folders(batch, row, context.dirty());
    }
    long written = 0;
    int to;
    for (int from = 0; from < folders.length; from = to) {
      String here = folders[from];
      to = from + 1;
      while (to < folders.length && to - from < STRIDE && Objects.equals(here, folders[to])) {
        to++;
      }
      if (here != null) {
        RecordBatch projected = own.project(batch, from, to);
        DirtyRecords whole = Partitions.whole(context.dirty(), batch, from);
        written += write(here, projected, 0, to - from, whole);
      }
    }
    return written;
  }

  private int write(String folders, RecordBatch batch, int from, int to, DirtyRecords dirty)
      throws IOException {
    OutputFile file = open.get(folders);
    if (file == null) {
      if (open.size() == MOST_OPEN) {
        finish(open.keySet().iterator().next());
      }
      name = fileName(folders);
      file =
          OutputFile.create(
              store.stage(name, area(), context.cancellation()),
              options.format(),
              partitions == null ? prepared.source() : partitions.inFiles(),
              options.header() && !part);
      open.put(folders, file);
      begun++;
    }
    int written = file.write(batch, from, to, dirty);
    if (file.size() >= options.maxFileBytes()) {
      finish(folders);
    }
    return written;
  }

  private String fileName(String folders) {
    if (part) {
      // Of this try alone: one that was left behind must not put its own in the place of another's.
      return Names.parts(area()) + folders + splitId + "-" + begun + "-" + UUID.randomUUID();
    }
    return Names.of(options, prepared, folders, splitId, begun);
  }

  private void finish(String folders) throws IOException {
    OutputFile file = open.remove(folders);
    if (file != null) {
      try (file) {
        files.add(file.finish());
      }
    }
  }

  @Override
  public SplitCommit commit(SplitTally tally) {
    try {
      for (String folders : List.copyOf(open.keySet())) {
        finish(folders);
      }
    } catch (IOException e) {
      throw WriteErrors.of(e, store.describe(name), context.cancellation());
    }
    if (part) {
      files.forEach(each -> store.makeReadable(each, context.cancellation()));
    }
    SplitCommit commit = new SplitCommit(splitId, tally);
    committing = true;
    ledger.commit(new CommitRecord(commit, group, files), prepared.epoch());
    return commit;
  }

  /** What a commit may count on stays; anything else is swept with the area. */
  @Override
  public void close() {
    for (Iterator<OutputFile> each = open.values().iterator(); each.hasNext(); each.remove()) {
      each.next().close();
    }
    if (committing || context.cancellation().isCancelled()) {
      return;
    }
    for (StagedFile each : files) {
      try {
        store.abort(each, context.cancellation());
      } catch (MillraceException e) {
        return; // it is swept with the area
      }
    }
    files.clear();
  }
}
