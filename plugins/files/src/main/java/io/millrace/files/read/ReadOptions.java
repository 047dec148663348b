package io.millrace.files.read;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.Format;
import io.millrace.files.option.CsvConfig;
import io.millrace.files.option.Dialect;
import io.millrace.files.option.FileFormat;
import io.millrace.files.option.ForeignOptions;
import io.millrace.files.option.FormatOptions;
import io.millrace.files.option.NameEnding;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.files.text.TextConversion;
import io.millrace.files.text.TextSettings.HeaderLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a task says about reading, wherever the files are.
 *
 * @param paths which files, as the store calls them
 * @param syntax what counts in their names
 * @param columns what is delivered; empty for every column
 * @param partitionColumns those whose values are in the names of folders
 * @param formats of the files
 * @param splitBy the rule of the splits
 * @param maxSplitBytes how large a split may be where files can be cut or packed
 * @param nullWhenMissing whether a column that a file lacks is NULL
 */
public record ReadOptions(
    List<PathText> paths,
    PathSyntax syntax,
    List<ColumnSpec> columns,
    List<ColumnSpec> partitionColumns,
    ReadFormats formats,
    SplitBy splitBy,
    long maxSplitBytes,
    boolean nullWhenMissing) {

  static final ConfigOption<Object> PATH =
      ConfigOption.json(
              "path",
              "The files: names with commas between, or a list of names, in which *, ?, **, **/ and"
                  + " [0-9] are wildcards and a backslash takes the meaning from what follows. A name"
                  + " that a file has means that file. A folder stands for all files in it. Names"
                  + " that begin with . or _ are left out unless they are given.")
          .withAliases("object", "fileName")
          .mandatory()
          .withOpenContent();
  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "The columns in order: names, or {index: 0, type: long}, {name: day, type: date,"
                  + " format: yyyy/MM/dd}, {value: x, type: string}; * or nothing for all.")
          .withAliases("columns")
          .withDefault("*")
          .withOpenContent();
  static final ConfigOption<Object> PARTITION_COLUMNS =
      ConfigOption.json(
              "partitionColumns",
              "Columns whose values are in the names of folders, such as dt=2024-01-31/: names, or"
                  + " {name: dt, type: date}; a string without a type. They stand where column names"
                  + " them, else behind the others.")
          .withOpenContent();
  static final ConfigOption<String> PARQUET_SCHEMA =
      ConfigOption.string(
          "parquetSchema",
          "Parquet: the columns that the indexes in column count, in parquet's own words; by"
              + " default those of the file. Types are always the file's own.");
  static final ConfigOption<HeaderLine> SKIP_HEADER =
      ConfigOption.choice(
              "skipHeader",
              HeaderLine.class,
              "Whether the first record of csv and text names the columns; auto looks at it. Columns"
                  + " by name need one.")
          .withAliases("header")
          .withDefault(HeaderLine.FALSE);
  static final ConfigOption<Object> CSV_READER_CONFIG =
      ConfigOption.json(
              "csvReaderConfig",
              "How csv is read: {multiline: true, textQualifier: '\"', useTextQualifier: true,"
                  + " skipEmptyRecords: true, trimWhitespace: false, useComments: false, comment: '#'}."
                  + " With multiline false the end of a"
                  + " line always ends a record, so that large files are cut without reading them.")
          .withOpenContent();
  static final ConfigOption<SplitBy> SPLIT_BY =
      ConfigOption.choice(
              "splitBy",
              SplitBy.class,
              "file: a file is read by one channel. volume: large files that can be cut are read by"
                  + " several.")
          .withDefault(SplitBy.FILE);
  static final ConfigOption<Long> MAX_SPLIT_BYTES =
      ConfigOption.integer(
              "maxSplitBytes",
              1,
              Long.MAX_VALUE,
              "Bytes above which a file is cut with splitBy volume, and above which no small files"
                  + " are packed into one split: what is done again after a failure.")
          .withDefault(256L << 20);
  static final ConfigOption<Missing> MISSING_COLUMNS =
      ConfigOption.choice(
              "missingColumns",
              Missing.class,
              "What a column by name is in a file that lacks it: the file is an error (fail), or the"
                  + " value is NULL (null).")
          .withDefault(Missing.FAIL);
  static final ConfigOption<Long> MAX_INFLATION =
      ConfigOption.integer(
              "maxInflation",
              1,
              1_000_000,
              "How many times its own size a compressed file may unfold to before it is refused.")
          .withDefault(200L);

  /** What becomes of a column that a file lacks. */
  enum Missing {
    FAIL,
    NULL
  }

  public ReadOptions {
    paths = List.copyOf(paths);
    columns = List.copyOf(columns);
    partitionColumns = List.copyOf(partitionColumns);
  }

  /** Every option but those of the store, in the order documentation shows them. */
  public static List<ConfigOption<?>> declared() {
    List<ConfigOption<?>> options = new ArrayList<>(own());
    options.addAll(ForeignOptions.ofReaders());
    return options;
  }

  /** The same for files of this machine. */
  public static List<ConfigOption<?>> declaredLocal() {
    List<ConfigOption<?>> options = declared();
    options.replaceAll(option -> option == PATH ? PATH.asLocalPath() : option);
    return options;
  }

  private static List<ConfigOption<?>> own() {
    return List.of(
        PATH,
        FormatOptions.FILE_FORMAT,
        COLUMN,
        PARTITION_COLUMNS,
        PARQUET_SCHEMA,
        SKIP_HEADER,
        FormatOptions.FIELD_DELIMITER,
        FormatOptions.LINE_DELIMITER,
        FormatOptions.NULL_FORMAT,
        FormatOptions.ENCODING,
        FormatOptions.COMPRESS,
        CSV_READER_CONFIG,
        SPLIT_BY,
        MAX_SPLIT_BYTES,
        MISSING_COLUMNS,
        MAX_INFLATION);
  }

  /** How a store calls what a task calls {@code name}. */
  @FunctionalInterface
  public interface Naming {
    String of(String name);
  }

  /** Reads them. */
  public static ReadOptions of(Options options, TaskContext task, Dialect dialect, Naming naming) {
    PathSyntax syntax = PathSyntax.of(task.rules().form(), dialect);
    List<PathText> paths = paths(options.get(PATH), syntax, naming);
    ForeignOptions.refuseReaders(options);
    FileFormat stated = options.find(FormatOptions.FILE_FORMAT).orElse(null);
    List<ColumnSpec> columns = named(columns(options, dialect, task), options);
    return new ReadOptions(
        paths,
        syntax,
        columns,
        partitionColumns(options, columns, dialect, task),
        new ReadFormats(
            stated,
            options.find(FormatOptions.COMPRESS).orElse("").strip(),
            dialect,
            usual(options, dialect, paths.get(0).parts().get(0)),
            kind -> format(options, task, dialect, kind)),
        options.get(SPLIT_BY),
        options.get(MAX_SPLIT_BYTES),
        options.get(MISSING_COLUMNS) == Missing.NULL);
  }

  /** The format of files whose own names say nothing. */
  private static FileFormat usual(Options options, Dialect dialect, String name) {
    if (dialect == Dialect.DATAX) {
      return FileFormat.CSV;
    }
    FileFormat told = NameEnding.of(name).map(NameEnding::format).orElse(null);
    if (told != null) {
      return told;
    }
    return parquetSchema(options) == null ? FileFormat.CSV : FileFormat.PARQUET;
  }

  private static Format format(
      Options options, TaskContext task, Dialect dialect, FileFormat kind) {
    if (kind != FileFormat.PARQUET && parquetSchema(options) != null) {
      throw wrong(
          "parquetSchema",
          new IllegalArgumentException("is for files of parquet, and these are " + kind));
    }
    return FormatOptions.reading(
        options,
        task,
        kind,
        options.get(SKIP_HEADER),
        CsvConfig.parse(
            options.find(CSV_READER_CONFIG).orElse(null),
            // In text nothing can keep the blanks of a value apart, so they belong to it.
            kind == FileFormat.TEXT ? Dialect.OWN : dialect),
        options.get(MAX_INFLATION));
  }

  private static @Nullable String parquetSchema(Options options) {
    return options.find(PARQUET_SCHEMA).filter(text -> !text.isBlank()).orElse(null);
  }

  private static List<PathText> paths(Object raw, PathSyntax syntax, Naming naming) {
    List<PathText> paths = new ArrayList<>();
    if (raw instanceof List<?> entries) {
      for (Object entry : entries) {
        String name = name(entry);
        if (name.isBlank()) {
          throw wrong("path", new IllegalArgumentException("the list holds an empty name"));
        }
        String whole = naming.of(name);
        paths.add(new PathText(whole, List.of(whole)));
      }
    } else {
      String text = name(raw);
      List<String> parts = syntax.list(text).stream().map(naming::of).toList();
      if (!parts.isEmpty()) {
        paths.add(new PathText(naming.of(text), parts));
      }
    }
    if (paths.isEmpty()) {
      throw new MillraceException(StandardError.CONFIGURATION, "option 'path': names no file");
    }
    return paths;
  }

  private static String name(@Nullable Object raw) {
    if (raw == null || raw instanceof List || raw instanceof Map) {
      throw wrong("path", new IllegalArgumentException("expected a name, or a list of names"));
    }
    return raw.toString();
  }

  /** Where a task says which columns its indexes count, they are found by their names. */
  private static List<ColumnSpec> named(List<ColumnSpec> columns, Options options) {
    String schema = parquetSchema(options);
    if (schema == null) {
      return columns;
    }
    try {
      List<String> names = ParquetFormat.names(schema);
      return columns.isEmpty()
          ? names.stream().map(each -> ColumnSpec.parse(List.of(each), false).get(0)).toList()
          : columns.stream().map(each -> each.named(names)).toList();
    } catch (IllegalArgumentException e) {
      throw wrong("parquetSchema", e);
    }
  }

  private static List<ColumnSpec> columns(Options options, Dialect dialect, TaskContext task) {
    try {
      List<ColumnSpec> columns = ColumnSpec.parse(options.get(COLUMN), dialect == Dialect.DATAX);
      columns.forEach(each -> requireReadable(each, task));
      return columns;
    } catch (IllegalArgumentException e) {
      throw wrong("column", e);
    }
  }

  private static List<ColumnSpec> partitionColumns(
      Options options, List<ColumnSpec> columns, Dialect dialect, TaskContext task) {
    Object raw = options.find(PARTITION_COLUMNS).orElse(List.of());
    if (raw.equals(List.of())) {
      return List.of();
    }
    try {
      List<ColumnSpec> partitions = ColumnSpec.parse(raw, dialect == Dialect.DATAX);
      if (partitions.isEmpty()) {
        throw new IllegalArgumentException("expected names, or {name: dt, type: date}");
      }
      Set<String> names = new HashSet<>();
      for (ColumnSpec each : partitions) {
        if (!each.source().isByName()) {
          throw new IllegalArgumentException(
              "'" + each.name() + "' has an index or a value, and its value is in a folder's name");
        }
        if (!names.add(each.name())) {
          throw new IllegalArgumentException("names '" + each.name() + "' twice");
        }
        requireFormat(each, task);
        requireApart(each, columns);
      }
      return partitions;
    } catch (IllegalArgumentException e) {
      throw wrong("partitionColumns", e);
    }
  }

  /** A format that does not suit its type is told before any file is opened. */
  private static void requireFormat(ColumnSpec column, TaskContext task) {
    Field field = column.field();
    String format = column.source().format();
    if (field != null && format != null) {
      Column scratch = new RecordBatch(Schema.of(field), 1 << 10, 1).column(0);
      TextConversion.parse("", field, format, task.zone(), scratch);
    }
  }

  /**
   * What {@code column} calls by the name of a folder is the value in that folder, and no other.
   */
  private static void requireApart(ColumnSpec partition, List<ColumnSpec> columns) {
    for (ColumnSpec each : columns) {
      if (!each.name().equals(partition.name())) {
        continue;
      }
      if (!each.source().isByName()) {
        throw new IllegalArgumentException(
            "'" + partition.name() + "' is what option column calls another column");
      }
      if (each.field() != null && partition.field() != null) {
        throw new IllegalArgumentException(
            "'" + partition.name() + "' has a type in option column too: give one of the two");
      }
    }
  }

  /** A constant that does not parse would make every record dirty. */
  private static void requireReadable(ColumnSpec column, TaskContext task) {
    String constant = column.source().constant();
    Field field = column.field();
    if (constant == null || field == null) {
      return;
    }
    Column scratch = new RecordBatch(Schema.of(field), 1 << 10, 1).column(0);
    String wrong =
        TextConversion.parse(constant, field, column.source().format(), task.zone(), scratch);
    if (wrong != null) {
      throw new IllegalArgumentException("the value of '" + column.name() + "': " + wrong);
    }
  }

  private static MillraceException wrong(String option, IllegalArgumentException e) {
    return new MillraceException(
        StandardError.CONFIGURATION, "option '" + option + "': " + e.getMessage(), e);
  }
}
