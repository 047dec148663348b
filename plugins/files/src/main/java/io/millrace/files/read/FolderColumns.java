package io.millrace.files.read;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.FileInput;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is delivered of files of which some values are in the names of their folders, as Hive, Spark
 * and a writer's {@code partitionBy} have them: {@code dt=2024-01-31/}. For the formats these are
 * constants, of each file its own. Immutable.
 *
 * @param columns what is delivered; the source of a column of a folder is a constant NULL
 * @param folders for each column the name in its folder, or null
 */
record FolderColumns(Columns columns, List<@Nullable String> folders) {

  /** What stands in the place of a value where there is none. */
  private static final String OF_NULL = "__HIVE_DEFAULT_PARTITION__";

  /** Puts the columns of folders behind others. */
  static FolderColumns behind(Columns others, List<ColumnSpec> partitions) {
    List<Field> fields = new ArrayList<>(others.schema().fields());
    List<ColumnSource> sources = new ArrayList<>(others.sources());
    List<@Nullable String> folders = new ArrayList<>();
    others.sources().forEach(each -> folders.add(null));
    for (ColumnSpec each : partitions) {
      fields.add(field(each));
      sources.add(source(each));
      folders.add(each.name());
    }
    // Their names are known as well as those of the others are.
    Schema schema = new Schema(fields, others.schema().star());
    Columns all = new Columns(schema, sources, others.all(), others.nullWhenMissing());
    return new FolderColumns(all, folders);
  }

  static Field field(ColumnSpec partition) {
    Field field = partition.field();
    return field == null ? Field.of(partition.name(), ColumnType.STRING) : field;
  }

  static ColumnSource source(ColumnSpec partition) {
    String format = partition.source().format();
    // As partitionBy writes them; in base64 most of these would be other bytes.
    boolean plain = format == null && field(partition).type() == ColumnType.BYTES;
    return new ColumnSource(-1, null, null, plain ? "hex" : format);
  }

  /**
   * What is delivered of one file.
   *
   * @throws MillraceException when a folder is missing, there twice, or no text
   */
  Columns in(FileInput file) {
    if (folders.stream().allMatch(each -> each == null)) {
      return columns;
    }
    List<ColumnSource> sources = new ArrayList<>(columns.sources());
    for (int i = 0; i < sources.size(); i++) {
      String name = folders.get(i);
      if (name != null) {
        String text = value(name, file);
        String constant = text.equals(OF_NULL) ? null : text;
        sources.set(i, new ColumnSource(-1, null, constant, sources.get(i).format()));
      }
    }
    return new Columns(columns.schema(), sources, columns.all(), columns.nullWhenMissing());
  }

  private static String value(String name, FileInput file) {
    List<String> values = values(name, file, false);
    if (values.isEmpty()) {
      values = values(name, file, true);
    }
    if (values.size() != 1) {
      throw refused(
          file.describe()
              + (values.isEmpty() ? " lies in no folder '" : " lies in several folders '")
              + Sensitive.name(name)
              + "=\u2026', which partitionColumns asks for: "
              + (values.isEmpty()
                  ? "let path name files in such folders only, or leave the column out"
                  : "leave the column out, or read one of them at a time"));
    }
    return values.get(0);
  }

  private static List<String> values(String name, FileInput file, boolean anyCase) {
    List<String> values = new ArrayList<>();
    String path = file.file().name();
    int from = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      String folder = path.substring(from, slash);
      from = slash + 1;
      int equals = folder.indexOf('=');
      if (equals > 0) {
        String own = decoded(folder.substring(0, equals), file);
        if (anyCase ? own.equalsIgnoreCase(name) : own.equals(name)) {
          values.add(decoded(folder.substring(equals + 1), file));
        }
      }
    }
    return values;
  }

  /** Takes {@code %2F} for what it stands for; what is no such escape stays. */
  private static String decoded(String text, FileInput file) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int b = escape(text, i); b >= 0; b = escape(text, i)) {
        bytes.write(b);
        i += 3;
      }
      if (bytes.size() == 0) {
        plain.append(text.charAt(i++));
        continue;
      }
      try {
        // A new decoder reports what is no text.
        plain.append(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
      } catch (CharacterCodingException e) {
        throw refused(
            file.describe()
                + " lies in a folder whose name is no text in UTF-8: rename the folder");
      }
    }
    return plain.toString();
  }

  /** The byte that the three characters at a place stand for; -1 where they are no escape. */
  private static int escape(String text, int at) {
    if (at + 2 >= text.length() || text.charAt(at) != '%') {
      return -1;
    }
    int high = hex(text.charAt(at + 1));
    int low = hex(text.charAt(at + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static MillraceException refused(String message) {
    return new MillraceException(StandardError.READ_REFUSED, message);
  }
}
