package io.millrace.files.write;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns whose values become folders, as Hive and those who read its tables know them: {@code
 * dt=2024-01-31/}. The columns are not in the files.
 */
final class Partitions {

  private static final String OF_NULL = "__HIVE_DEFAULT_PARTITION__";

  /** What file systems take for a name. */
  private static final int MAX_BYTES = 255;

  private static final String ESCAPED = "\"#%'*/:=?\\{}[]^";

  private final Schema source;
  private final int[] columns;
  private final int[] others;
  private final Schema inFiles;

  private Partitions(Schema source, int[] columns, int[] others) {
    this.source = source;
    this.columns = columns;
    this.others = others;
    List<Field> fields = new ArrayList<>();
    for (int each : others) {
      fields.add(source.field(each));
    }
    this.inFiles = new Schema(fields);
  }

  /**
   * Finds the columns.
   *
   * @throws MillraceException when the source does not deliver one of them, or nothing else
   */
  static Partitions of(Schema source, List<String> names) {
    List<String> known = source.fields().stream().map(Field::name).toList();
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = known.indexOf(names.get(i));
      if (columns[i] < 0) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "option 'partitionBy': the source delivers no column '"
                + names.get(i)
                + "', but "
                + Sensitive.names(known));
      }
      if (!escaped(names.get(i)).equals(names.get(i)) || names.get(i).startsWith(".")) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "option 'partitionBy': '"
                + names.get(i)
                + "' cannot be part of a folder's name; give the column another name in the"
                + " source");
      }
    }
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      if (!names.contains(source.field(i).name())) {
        others.add(i);
      }
    }
    if (others.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "option 'partitionBy' names every column: nothing is left for the files");
    }
    return new Partitions(source, columns, others.stream().mapToInt(i -> i).toArray());
  }

  /** What stands in the files. */
  Schema inFiles() {
    return inFiles;
  }

  /**
   * The folders of a record, such as {@code dt=2024-01-31/}, or null when it is dirty, which is
   * noted then.
   */
  @Nullable String folders(RecordBatch batch, int row, DirtyRecords dirty) {
    StringBuilder folders = new StringBuilder();
    for (int column : columns) {
      String name = source.field(column).name();
      String text = Texts.text(batch.column(column), row);
      String folder = name + "=" + (text == null ? OF_NULL : escaped(text));
      String wrong = null;
      if (text != null && (text.isEmpty() || text.equals(OF_NULL))) {
        wrong = "a folder's name must not be empty, nor what stands for NULL";
      } else if (folder.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
        wrong = "the folder's name would be too long: more than " + MAX_BYTES + " bytes";
      }
      if (wrong != null) {
        dirty.add(batch, row, new Reason("PARTITION", wrong, name));
        return null;
      }
      folders.append(folder).append('/');
    }
    return folders.toString();
  }

  private static String escaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == 0x7f || ESCAPED.indexOf(c) >= 0) {
        plain.append(String.format("%%%02X", (int) c));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** The records from {@code from} to {@code to} without the columns that became folders. */
  RecordBatch project(RecordBatch batch, int from, int to) {
    RecordBatch projected = new RecordBatch(inFiles, Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (int row = from; row < to; row++) {
      for (int i = 0; i < others.length; i++) {
        projected.column(i).appendFrom(batch.column(others[i]), row);
      }
      projected.endRecord(batch.position(row));
    }
    return projected;
  }

  /** Notes dirty records of a projected batch with all their values. */
  static DirtyRecords whole(DirtyRecords dirty, RecordBatch batch, int from) {
    return new DirtyRecords() {
      @Override
      public void add(RecordBatch projected, int row, Reason reason) {
        dirty.add(batch, from + row, reason);
      }

      @Override
      public void add(long position, List<RawValue> values, Reason reason) {
        dirty.add(position, values, reason);
      }
    };
  }
}
