package io.millrace.files.write;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.files.format.Format;
import io.millrace.files.option.Dialect;
import io.millrace.files.option.FileFormat;
import io.millrace.files.option.ForeignOptions;
import io.millrace.files.option.FormatOptions;
import io.millrace.files.option.WriteKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a task says about writing, wherever the files will be.
 *
 * @param target where
 * @param mode what becomes of files that are there before
 * @param format of the files
 * @param header whether csv and text begin with the columns' names
 * @param single whether everything becomes one file whose name is the target's prefix
 * @param maxFileBytes bytes after which a split goes on in another file
 * @param suffix what names end in
 * @param emptyFile whether a file is made when there is no record
 * @param success whether a file {@code _SUCCESS} marks completeness
 * @param wholeSplits whether a split must not be cut into parts: each becomes a file that somebody
 *     counts on, and this format's cannot be put together
 * @param remarks what is said of the task before anything is written
 */
public record WriteOptions(
    Target target,
    WriteMode mode,
    Format format,
    boolean header,
    boolean single,
    long maxFileBytes,
    String suffix,
    boolean emptyFile,
    boolean success,
    boolean wholeSplits,
    List<String> remarks) {

  static final ConfigOption<WriteMode> WRITE_MODE =
      ConfigOption.choice(
              "writeMode",
              WriteMode.class,
              "truncate: files with the prefix are removed once the new ones are complete. append:"
                  + " they stay. nonConflict: the task is refused when there are any.")
          .mandatory();
  static final ConfigOption<Object> HEADER =
      ConfigOption.json(
              "header",
              "csv and text: the names written as first record of each file; true for those of the"
                  + " source.")
          .withOpenContent();
  static final ConfigOption<String> DATE_FORMAT =
      ConfigOption.string(
              "dateFormat",
              "csv, text and jsonl: how dates and times are written, such as yyyy/MM/dd HH:mm:ss;"
                  + " instants then in the task's zone.")
          .withAliases("format");
  static final ConfigOption<Boolean> WRITE_SINGLE_OBJECT =
      ConfigOption.bool(
              "writeSingleObject",
              "Whether everything becomes one file of exactly the given name. Its parts are put"
                  + " together in stage 4.")
          .withAliases("writeSingleFile")
          .withDefault(false);
  static final ConfigOption<Long> MAX_FILE_SIZE =
      ConfigOption.integer(
              "maxFileSize",
              1,
              5_000_000,
              "Size in MB after which a split goes on in another file, whose name ends in _1, _2 and"
                  + " so on.")
          .withDefault(100_000L);
  static final ConfigOption<String> SUFFIX =
      ConfigOption.string(
          "suffix",
          "What names end in; by default what the format and its compression are known by, such as"
              + " .csv.gz.");
  static final ConfigOption<Boolean> GENERATE_EMPTY_FILE =
      ConfigOption.bool(
              "generateEmptyFile", "Whether a file without records is made when there are none.")
          .withDefault(true);
  static final ConfigOption<List<String>> PARTITION_BY =
      ConfigOption.strings(
              "partitionBy",
              "Columns whose values become folders, such as dt=2024-01-31/, and are left out of the"
                  + " files.")
          .withDefault(List.of());
  static final ConfigOption<Boolean> SUCCESS_FILE =
      ConfigOption.bool(
              "successFile",
              "Whether a file _SUCCESS is written beside the others once all of them are complete.")
          .withDefault(false);

  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "The columns of the files in the source's order: names, or {name: id, type: bigint};"
                  + " by default, and with *, those of the source. Types count for parquet and orc.")
          .withAliases("columns")
          .withOpenContent();
  static final ConfigOption<String> PARQUET_SCHEMA =
      ConfigOption.string(
          "parquetSchema",
          "The columns of parquet files in parquet's own words, such as message m { required int64"
              + " id; optional binary name (UTF8); }.");

  /** Every option but those of the store, in the order documentation shows them. */
  public static List<ConfigOption<?>> declared() {
    List<ConfigOption<?>> options = new ArrayList<>(own());
    options.addAll(ForeignOptions.ofWriters());
    return options;
  }

  private static List<ConfigOption<?>> own() {
    return List.of(
        WRITE_MODE,
        FormatOptions.FILE_FORMAT,
        FormatOptions.FIELD_DELIMITER,
        FormatOptions.LINE_DELIMITER,
        FormatOptions.NULL_FORMAT,
        DATE_FORMAT,
        FormatOptions.ENCODING,
        FormatOptions.COMPRESS,
        COLUMN,
        PARQUET_SCHEMA,
        HEADER,
        WRITE_SINGLE_OBJECT,
        MAX_FILE_SIZE,
        PARTITION_BY,
        SUFFIX,
        GENERATE_EMPTY_FILE,
        SUCCESS_FILE);
  }

  /** Reads them. */
  public static WriteOptions of(Options options, TaskContext task, Dialect dialect, Target target) {
    ForeignOptions.refuseWriters(options);
    boolean single = options.get(WRITE_SINGLE_OBJECT);
    List<String> header = header(options);
    String ending = single ? target.base() : options.find(SUFFIX).orElse("");
    WriteKind told = WriteKind.of(options, dialect, target.base(), ending);
    FileFormat kind = told.format();
    String dateFormat = options.find(DATE_FORMAT).filter(text -> !text.isBlank()).orElse(null);
    Format plain = FormatOptions.writing(options, task, kind, dialect, header, dateFormat);
    List<String> partitions = options.get(PARTITION_BY);
    Format format =
        TargetColumns.of(
                options.find(COLUMN).orElse(null),
                options.find(PARQUET_SCHEMA).filter(text -> !text.isBlank()).orElse(null),
                kind)
            .map(asked -> asked.format(plain, partitions, dialect, task))
            .orElse(plain);
    if (single && target.base().isEmpty()) {
      throw wrong("writeSingleObject needs a file's name: path names a folder only");
    }
    String why = format.whyNotJoined();
    if (single && why != null) {
      throw wrong("writeSingleObject cannot be: " + why);
    }
    if (options.get(WRITE_MODE) != WriteMode.APPEND && target.isEverything()) {
      throw wrong(
          "writeMode "
              + (options.get(WRITE_MODE) == WriteMode.TRUNCATE ? "truncate" : "nonConflict")
              + " would mean everything that is stored there: the name of the target is empty or"
              + " the top; give a folder or what names begin with, or write with append");
    }
    if (single && !partitions.isEmpty()) {
      throw wrong("writeSingleObject and partitionBy contradict each other");
    }
    for (String column : partitions) {
      if (!column.matches("[^./_=%\\p{Cntrl}][^/=%\\p{Cntrl}]*")) {
        throw wrong("option 'partitionBy': '" + column + "' cannot begin a folder's name");
      }
    }
    return new WriteOptions(
        target.withPartitions(partitions),
        options.get(WRITE_MODE),
        format,
        header != null,
        single,
        options.get(MAX_FILE_SIZE) << 20,
        single ? "" : suffix(options.find(SUFFIX).orElse(format.suffix())),
        options.get(GENERATE_EMPTY_FILE),
        options.get(SUCCESS_FILE),
        why != null && dialect == Dialect.DATAX,
        told.remarks());
  }

  /** Whether files that hold parts can be put together. */
  boolean joins() {
    return format.whyNotJoined() == null;
  }

  /**
   * Whether the files of a split are parts of another one.
   *
   * @param group what the split is a part of; empty where it is a whole one
   */
  boolean isPart(String group) {
    return single || !group.isEmpty();
  }

  private static String suffix(String suffix) {
    if (suffix.indexOf('/') >= 0) {
      throw wrong("option 'suffix': must not hold a /");
    }
    return suffix;
  }

  private static @Nullable List<String> header(Options options) {
    Object raw = options.find(HEADER).orElse(false);
    if (raw instanceof List<?> names) {
      return names.isEmpty() ? null : names.stream().map(String::valueOf).toList();
    }
    return switch (raw.toString().strip().toLowerCase(Locale.ROOT)) {
      case "true" -> List.of();
      case "false", "" -> null;
      default -> throw wrong("option 'header': expected a list of names, true or false");
    };
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
