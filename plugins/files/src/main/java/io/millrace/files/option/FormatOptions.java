package io.millrace.files.option;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.files.compress.Compression;
import io.millrace.files.format.Format;
import io.millrace.files.text.DelimitedFormat;
import io.millrace.files.text.JsonlFormat;
import io.millrace.files.text.TextSettings;
import io.millrace.files.text.TextSettings.HeaderLine;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reader and writer say about formats in the same words. */
public final class FormatOptions {

  public static final ConfigOption<FileFormat> FILE_FORMAT =
      ConfigOption.choice(
          "fileFormat",
          FileFormat.class,
          "The format of the files; without it, told by the endings of names, else csv. csv puts"
              + " quotes around values that need them; text escapes nothing.");
  public static final ConfigOption<String> FIELD_DELIMITER =
      ConfigOption.string(
              "fieldDelimiter",
              "What stands between two values of csv and text; \\t and \\u0001 are understood.")
          .withAliases("delimiter", "fieldDelimiterOrigin")
          .withDefault(",");
  public static final ConfigOption<String> LINE_DELIMITER =
      ConfigOption.string(
          "lineDelimiter",
          "What ends a record of csv and text; by default \\n, and \\r\\n or \\r are read as well.");
  public static final ConfigOption<String> ENCODING =
      ConfigOption.string(
              "encoding",
              "The encoding of text, such as utf-8 or gbk. A byte order mark in a file counts more.")
          .withAliases("charset")
          .withDefault("utf-8");
  public static final ConfigOption<String> NULL_FORMAT =
      ConfigOption.string(
              "nullFormat",
              "The text that stands for NULL in csv and text. In csv only where it is not in quotes.")
          .withDefault("\\N");
  public static final ConfigOption<String> COMPRESS =
      ConfigOption.string(
              "compress",
              "The compression. Of csv, text and jsonl none, gzip, bzip2, zip, zstd or snappy; a reader"
                  + " without it tells by the ending of the name. Of parquet and orc, which tell it"
                  + " themselves when they are read, see docs/files-columnar.md.")
          .withAliases("compression");

  private FormatOptions() {}

  /**
   * The format of a reader.
   *
   * @param headerLine whether the first record names the columns
   */
  public static Format reading(
      Options options,
      TaskContext task,
      FileFormat kind,
      HeaderLine headerLine,
      CsvConfig config,
      long maxInflation) {
    if (kind == FileFormat.PARQUET || kind == FileFormat.ORC) {
      return ColumnarOptions.format(options, task, kind);
    }
    Charset charset = charset(options);
    int quote = kind == FileFormat.CSV ? config.quote() : -1;
    Separators separators = Separators.of(options, config, quote, charset);
    TextSettings settings =
        new TextSettings(
            separators.delimiter(),
            separators.line(),
            quote,
            kind == FileFormat.CSV ? config.comment() : -1,
            separators.nullText(),
            headerLine,
            List.of(),
            config.multiline(),
            config.skipBlank(),
            false,
            config.trim(),
            null,
            charset,
            compression(options),
            maxInflation,
            task.zone(),
            task.rules().isForeign());
    return format(kind, settings);
  }

  /**
   * The format of a writer.
   *
   * @param header names of the columns; empty for the source's own; null for no header
   */
  public static Format writing(
      Options options,
      TaskContext task,
      FileFormat kind,
      Dialect dialect,
      @Nullable List<String> header,
      @Nullable String dateFormat) {
    if (kind == FileFormat.PARQUET || kind == FileFormat.ORC) {
      return ColumnarOptions.format(options, task, kind);
    }
    Charset charset = charset(options);
    int quote = kind == FileFormat.CSV ? '"' : -1;
    Separators separators =
        Separators.of(options, CsvConfig.parse(null, Dialect.OWN), quote, charset);
    TextSettings settings =
        new TextSettings(
            separators.delimiter(),
            separators.line(),
            quote,
            -1,
            separators.nullText(),
            header == null ? HeaderLine.FALSE : HeaderLine.TRUE,
            header == null ? List.of() : header,
            true,
            true,
            dialect == Dialect.DATAX,
            // Quotes keep the blanks that the reader leaves out without them.
            dialect == Dialect.DATAX && kind == FileFormat.CSV,
            dateFormat,
            charset,
            compression(options),
            Long.MAX_VALUE,
            task.zone(),
            task.rules().isForeign());
    return format(kind, settings);
  }

  private static Format format(FileFormat kind, TextSettings settings) {
    return switch (kind) {
      case CSV -> new DelimitedFormat(".csv", settings);
      case TEXT -> new DelimitedFormat(".txt", settings);
      case JSONL -> new JsonlFormat(settings);
      case PARQUET, ORC -> throw new IllegalStateException(kind + " is no text");
    };
  }

  private static Charset charset(Options options) {
    String given = options.get(ENCODING).strip();
    String name = given.isEmpty() ? "utf-8" : given;
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw wrong("option 'encoding': '" + name + "' is not an encoding, such as utf-8 or gbk");
    }
  }

  private static @Nullable Compression compression(Options options) {
    String name = options.find(COMPRESS).orElse("").strip();
    if (name.isEmpty()) {
      return null;
    }
    Compression named = Compression.named(name);
    if (named != null) {
      return named;
    }
    throw wrong(
        "option 'compress': '" + name + "' is not one of none, gzip, bzip2, zip, zstd, snappy");
  }

  static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
