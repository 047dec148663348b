package io.millrace.files.write;

import io.millrace.api.Counted;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.RetypedFormat;
import io.millrace.files.format.Format;
import io.millrace.files.option.Dialect;
import io.millrace.files.option.FileFormat;
import io.millrace.files.option.TypeNames;
import io.millrace.files.parquet.ParquetFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a task wants its files to have, in the order of the source's.
 *
 * @param option by which they were given, for messages
 * @param names of all of them
 * @param types null where the source's own counts
 */
record TargetColumns(String option, List<String> names, List<@Nullable Field> types) {

  private static final Set<String> KEYS = Set.of("name", "type", "index", "comment");

  /**
   * Reads the options {@code column} and {@code parquetSchema}.
   *
   * @return empty where the source's columns are wanted as they are
   */
  static Optional<TargetColumns> of(
      @Nullable Object column, @Nullable String parquetSchema, FileFormat kind) {
    Optional<TargetColumns> listed = listed(column, kind);
    if (parquetSchema == null) {
      return listed;
    }
    if (kind != FileFormat.PARQUET) {
      throw wrong("parquetSchema", "is for files of parquet, and these are " + kind);
    }
    Schema schema;
    try {
      schema = ParquetFormat.columns(parquetSchema);
    } catch (IllegalArgumentException e) {
      throw wrong("parquetSchema", String.valueOf(e.getMessage()));
    }
    List<String> names = schema.fields().stream().map(Field::name).toList();
    if (listed.isPresent() && !listed.get().names().equals(names)) {
      throw wrong("parquetSchema", "names other columns than column; give one of the two");
    }
    return Optional.of(new TargetColumns("parquetSchema", names, new ArrayList<>(schema.fields())));
  }

  private static Optional<TargetColumns> listed(@Nullable Object column, FileFormat kind) {
    List<?> entries =
        column == null ? List.of() : column instanceof List<?> l ? l : List.of(column);
    if (entries.isEmpty() || (entries.size() == 1 && "*".equals(entries.get(0)))) {
      return Optional.empty();
    }
    boolean typed = kind == FileFormat.PARQUET || kind == FileFormat.ORC;
    List<String> names = new ArrayList<>();
    List<@Nullable Field> types = new ArrayList<>();
    for (Object entry : entries) {
      String place = "entry " + (names.size() + 1) + ": ";
      Object name = entry instanceof Map<?, ?> map ? map.get("name") : entry;
      if (!(name instanceof String text) || text.isBlank() || text.equals("*")) {
        throw wrong(
            "column", place + "expected a name or {name: id, type: bigint}; * stands alone");
      }
      Object type = null;
      if (entry instanceof Map<?, ?> map) {
        for (Object key : map.keySet()) {
          if (!KEYS.contains(key)) {
            throw wrong("column", place + "key '" + key + "' is not one of name, type");
          }
        }
        type = map.get("type");
      }
      names.add(text);
      types.add(type == null || !typed ? null : type(text, type.toString(), place));
    }
    return Optional.of(new TargetColumns("column", names, types));
  }

  private static Field type(String name, String type, String place) {
    if (type.strip().matches("(?i)(?:var)?char\\s*\\(.*")) {
      throw wrong("column", place + "type '" + type + "' is not written: say string");
    }
    try {
      return TypeNames.field(name, type, null);
    } catch (IllegalArgumentException e) {
      throw wrong("column", place + e.getMessage());
    }
  }

  /** The format that writes these columns. */
  Format format(Format plain, List<String> partitions, Dialect dialect, TaskContext task) {
    if (!partitions.isEmpty()) {
      throw wrong(option, "and partitionBy contradict each other: give names in the source");
    }
    return new RetypedFormat(plain, source -> target(source, dialect), task);
  }

  private Schema target(Schema source, Dialect dialect) {
    if (names.size() != source.size()) {
      throw wrong(
          option,
          "names "
              + Counted.of(names.size(), "column", "columns")
              + ", the source delivers "
              + source.size());
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Field own = source.field(i);
      Field type = types.get(i);
      boolean moment = type != null && isMoment(type.type());
      boolean loose = moment && option.equals("column");
      // DataX calls everything with a calendar a date, and Hive both kinds of moments timestamp.
      if (loose && isMoment(own.type()) && (dialect == Dialect.DATAX || sameName(type, own))) {
        type = null;
      }
      Field target = type == null ? own : type;
      fields.add(
          target
              .withName(names.get(i))
              .withNullable(
                  type == null || loose || option.equals("column")
                      ? own.nullable()
                      : type.nullable()));
    }
    return new Schema(fields);
  }

  private static boolean isMoment(ColumnType type) {
    return type == ColumnType.DATE || type == ColumnType.DATETIME || type == ColumnType.TIMESTAMP;
  }

  private static boolean sameName(Field asked, Field own) {
    return asked.type() == ColumnType.TIMESTAMP && own.type() == ColumnType.DATETIME;
  }

  private static MillraceException wrong(String option, String what) {
    return new MillraceException(StandardError.CONFIGURATION, "option '" + option + "': " + what);
  }
}
