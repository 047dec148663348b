package com.example.lines;

import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes one file for each split: values as text with tabs between, NULL as {@code \N}. A file
 * appears complete, by a rename, when its split is committed.
 *
 * <p>A split that is tried again replaces its file. Still this promises AT_LEAST_ONCE only: nothing
 * stops an earlier attempt that was paused from renaming its own file into place later.
 */
final class LinesWriter implements Writer {

  private final Path directory;
  private final Map<String, SplitCommit> commits = new ConcurrentHashMap<>();

  LinesWriter(Path directory) {
    this.directory = directory;
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED, "lines writer: " + directory + " is not a directory");
    }
    return source; // every type has a text
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
    return new WriteState(
        1,
        Map.of(),
        Guarantee.AT_LEAST_ONCE,
        "files cannot be fenced against an earlier attempt that was only paused");
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    return state;
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    return Map.copyOf(commits);
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    return new OpenFile(splitId, context);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> published, StageContext context) {}

  static MillraceException unwritable(Path path, IOException e) {
    return new MillraceException(
        StandardError.WRITE,
        "lines writer: " + path + " cannot be written: " + Sensitive.message(e),
        e);
  }

  private final class OpenFile implements SplitWriter {

    private final String splitId;
    private final WriteContext context;
    private final Path file;
    private final Path partial;
    private final BufferedWriter out;

    OpenFile(String splitId, WriteContext context) {
      this.splitId = splitId;
      this.context = context;
      this.file = directory.resolve(splitId + ".txt");
      this.partial = directory.resolve("." + splitId + ".partial");
      try {
        this.out = Files.newBufferedWriter(partial);
      } catch (IOException e) {
        throw unwritable(partial, e);
      }
    }

    @Override
    public long write(RecordBatch batch) {
      context.cancellation().throwIfCancelled();
      try {
        RecordView record = new RecordView(batch);
        while (record.next()) {
          for (int i = 0; i < batch.schema().size(); i++) {
            out.write(i == 0 ? "" : "\t");
            out.write(escaped(record.text(i)));
          }
          out.write('\n');
        }
      } catch (IOException e) {
        throw unwritable(partial, e);
      }
      return batch.size();
    }

    @Override
    public SplitCommit commit(SplitTally tally) {
      try {
        out.close();
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw unwritable(file, e);
      }
      SplitCommit commit = new SplitCommit(splitId, tally);
      commits.put(splitId, commit);
      return commit;
    }

    @Override
    public void close() {
      try {
        out.close();
        Files.deleteIfExists(partial); // gone already when the split was committed
      } catch (IOException e) {
        context.log().warn("lines writer: " + partial + " could not be removed");
      }
    }
  }

  private static String escaped(String text) {
    if (text == null) {
      return "\\N";
    }
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
  }
}
