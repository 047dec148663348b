package io.millrace.files.write;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.Schema;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the parts of a file together: those of one split that the reader has cut, or of everything.
 * What it makes is staged, and nobody knows of it before publishing has written its manifest; when
 * that is not reached, it is swept with the area and the parts are joined anew.
 */
final class Joining {

  private final WriteOptions options;
  private final FileStore store;
  private final Prepared prepared;
  private final StageContext context;
  private final OwnFiles own;
  private final List<StagedFile> joined = new ArrayList<>();
  private int parts;

  Joining(WriteOptions options, FileStore store, Prepared prepared, StageContext context) {
    this.options = options;
    this.store = store;
    this.prepared = prepared;
    this.context = context;
    this.own = new OwnFiles(store, options, prepared);
  }

  /** Which parts belong together. */
  private record Whole(String folders, String group) {}

  /**
   * What is published of commits: files that are no parts as they are, and the others joined.
   *
   * @param records in the order in which their records stand in a file
   */
  List<StagedFile> files(List<CommitRecord> records) {
    List<StagedFile> files = new ArrayList<>();
    Map<Whole, List<StagedFile>> wholes = new LinkedHashMap<>();
    for (CommitRecord record : records) {
      if (options.isPart(record.group())) {
        for (StagedFile part : record.files()) {
          Whole whole = new Whole(own.foldersOf(part), record.group());
          wholes.computeIfAbsent(whole, key -> new ArrayList<>()).add(part);
        }
      } else {
        files.addAll(record.files());
      }
    }
    try {
      wholes.forEach(this::join);
    } catch (MillraceException e) {
      giveUp();
      throw e;
    }
    if (parts > 0) {
      context
          .log()
          .info(
              Counted.of(parts, "part is", "parts are")
                  + " put together to "
                  + Counted.of(joined.size(), "file", "files"));
    }
    files.addAll(joined);
    return files;
  }

  private void join(Whole whole, List<StagedFile> all) {
    List<StagedFile> next = new ArrayList<>();
    long bytes = 0;
    int number = 0;
    for (StagedFile part : all) {
      if (!options.single() && !next.isEmpty() && bytes + part.size() > options.maxFileBytes()) {
        joined.add(join(name(whole, number++), next));
        next.clear();
        bytes = 0;
      }
      next.add(part);
      bytes += part.size();
    }
    joined.add(join(name(whole, number), next));
    parts += all.size();
  }

  private String name(Whole whole, int number) {
    return options.single()
        ? options.target().prefix()
        : Names.of(options, prepared, whole.folders(), whole.group(), number);
  }

  private StagedFile join(String name, List<StagedFile> all) {
    try (StagedOutput out = store.stage(name, own.area(), context.cancellation())) {
      if (options.header()) {
        out.write(header());
      }
      for (StagedFile part : all) {
        out.append(part);
      }
      return out.finish();
    } catch (IOException e) {
      throw WriteErrors.of(e, store.describe(name), context.cancellation());
    }
  }

  private byte[] header() throws IOException {
    List<String> columns = options.target().partitions();
    Schema schema =
        columns.isEmpty() ? prepared.source() : Partitions.of(prepared.source(), columns).inFiles();
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    options.format().create(header, schema, true).finish();
    return header.toByteArray();
  }

  /** Makes room for whoever joins them again. */
  private void giveUp() {
    for (StagedFile each : joined) {
      if (context.cancellation().isCancelled()) {
        return; // they are swept with the area
      }
      try {
        store.abort(each, context.cancellation());
      } catch (MillraceException e) {
        return; // they are swept with the area
      }
    }
  }
}
