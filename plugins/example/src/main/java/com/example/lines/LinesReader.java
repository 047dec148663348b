package com.example.lines;

import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One column, one record a line, one split a file. */
final class LinesReader implements Reader {

  private final Path path;

  LinesReader(Path path) {
    this.path = path;
  }

  @Override
  public Schema schema(StageContext context) {
    if (!Files.exists(path)) {
      throw new MillraceException(
          StandardError.READ_REFUSED, "lines reader: there is no file or directory " + path);
    }
    return Schema.of(Field.of("line", ColumnType.STRING).withNullable(false));
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    List<Split> splits = new ArrayList<>();
    for (Path file : files()) {
      // Data only: a split is kept for resume and may be opened by another process.
      splits.add(
          new Split(
              String.format("%05d", splits.size()),
              1,
              Map.of("file", file.toString()),
              file.toString(),
              -1));
    }
    return new SplitPlan(splits, Integer.MAX_VALUE, "one split for each file");
  }

  private List<Path> files() {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    Path file = Path.of(split.properties().get("file"));
    // Again: it may have become a link since it was listed.
    return new OpenFile(context.task().files().allowed(file), context);
  }

  static MillraceException unreadable(Path path, IOException e) {
    // READ may be tried again, READ_REFUSED never: choose by what another try could change.
    return new MillraceException(
        StandardError.READ,
        "lines reader: " + path + " cannot be read: " + Sensitive.message(e),
        e);
  }

  private static final class OpenFile implements SplitReader {

    private final Path file;
    private final ReadContext context;
    private final BufferedReader lines;
    private long number;

    OpenFile(Path file, ReadContext context) {
      this.file = file;
      this.context = context;
      try {
        this.lines = Files.newBufferedReader(file);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }

    @Override
    public boolean read(RecordBatch into) {
      try {
        while (!into.isFull()) {
          context.cancellation().throwIfCancelled();
          String line = lines.readLine();
          if (line == null) {
            return false;
          }
          into.bytes(0).append(line);
          into.endRecord(++number);
        }
        return true;
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }

    @Override
    public void close() {
      try {
        lines.close();
      } catch (IOException e) {
        // Nothing was written: nothing is lost.
      }
    }
  }
}
