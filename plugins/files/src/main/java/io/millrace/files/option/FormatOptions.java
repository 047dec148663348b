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
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What reader and writer say about formats in the same words. */
public final class FormatOptions {

  public static final ConfigOption<FileFormat> FILE_FORMAT =
      ConfigOption.choice(
          "fileFormat",
          FileFormat.class,
          "The format of the files; without it, told by the ending of the name, else csv. csv puts"
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
          "What ends a record of csv and text; by default \\n, and \\r\\n is read as well.");
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
   * @param csvConfig {@code csvReaderConfig}, or null
   */
  public static Format reading(
      Options options,
      TaskContext task,
      FileFormat kind,
      HeaderLine headerLine,
      @Nullable Object csvConfig,
      long maxInflation) {
    if (kind == FileFormat.PARQUET || kind == FileFormat.ORC) {
      return ColumnarOptions.format(options, task, kind);
    }
    CsvConfig config = CsvConfig.parse(csvConfig);
    boolean quotes = kind == FileFormat.CSV && config.quotes();
    TextSettings settings =
        new TextSettings(
            delimiter(options),
            line(options),
            quotes ? config.quote() : -1,
            nullText(options),
            headerLine,
            List.of(),
            config.multiline(),
            config.skipBlank(),
            config.trim(),
            null,
            charset(options),
            compression(options),
            maxInflation,
            task.zone());
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
      @Nullable List<String> header,
      @Nullable String dateFormat) {
    if (kind == FileFormat.PARQUET || kind == FileFormat.ORC) {
      return ColumnarOptions.format(options, task, kind);
    }
    TextSettings settings =
        new TextSettings(
            delimiter(options),
            line(options),
            kind == FileFormat.CSV ? '"' : -1,
            nullText(options),
            header == null ? HeaderLine.FALSE : HeaderLine.TRUE,
            header == null ? List.of() : header,
            true,
            true,
            false,
            dateFormat,
            charset(options),
            compression(options),
            Long.MAX_VALUE,
            task.zone());
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

  private static byte[] delimiter(Options options) {
    String text = unescaped("fieldDelimiter", options.get(FIELD_DELIMITER));
    if (text.isEmpty() || text.indexOf('\n') >= 0 || text.indexOf('"') >= 0) {
      throw wrong("option 'fieldDelimiter': must not be empty, nor hold a quote or a line's end");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] line(Options options) {
    String text = unescaped("lineDelimiter", options.find(LINE_DELIMITER).orElse(""));
    return text.equals("\n") ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] nullText(Options options) {
    return options.get(NULL_FORMAT).getBytes(StandardCharsets.UTF_8);
  }

  private static Charset charset(Options options) {
    String name = options.get(ENCODING).strip();
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
    for (Compression each : Compression.values()) {
      if (each.name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    throw wrong(
        "option 'compress': '" + name + "' is not one of none, gzip, bzip2, zip, zstd, snappy");
  }

  /** Understands what task files write for characters that are hard to type. */
  private static String unescaped(String option, String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char kind = text.charAt(++i);
      switch (kind) {
        case 't' -> plain.append('\t');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case '\\' -> plain.append('\\');
        case 'u', 'x' -> {
          int end = i + 1;
          int most = i + (kind == 'u' ? 5 : 3);
          while (end < text.length() && end < most && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
          }
          if (end == i + 1) {
            throw wrong("option '" + option + "': \\" + kind + " needs hex digits behind it");
          }
          plain.append((char) Integer.parseInt(text.substring(i + 1, end), 16));
          i = end - 1;
        }
        default -> plain.append(c).append(kind);
      }
    }
    return plain.toString();
  }

  static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }

  /** {@code csvReaderConfig}, with the words of DataX's csv library. */
  private record CsvConfig(
      boolean quotes, int quote, boolean multiline, boolean skipBlank, boolean trim) {

    private static final Set<String> KEYS =
        Set.of(
            "textQualifier",
            "useTextQualifier",
            "multiline",
            "skipEmptyRecords",
            "trimWhitespace",
            "safetySwitch");

    static CsvConfig parse(@Nullable Object raw) {
      if (raw == null || (raw instanceof String text && text.isBlank())) {
        return new CsvConfig(true, '"', true, true, false);
      }
      if (!(raw instanceof Map<?, ?> map)) {
        throw wrong("option 'csvReaderConfig': expected an object");
      }
      for (Object key : map.keySet()) {
        if (!KEYS.contains(key)) {
          throw wrong(
              "option 'csvReaderConfig': unknown key '"
                  + key
                  + "'; known are multiline, textQualifier, useTextQualifier, skipEmptyRecords,"
                  + " trimWhitespace, safetySwitch");
        }
      }
      Object qualifier = map.get("textQualifier");
      String quote = qualifier == null ? "\"" : qualifier.toString();
      if (quote.length() != 1 || quote.charAt(0) >= 0x80 || quote.charAt(0) < 0x20) {
        throw wrong("option 'csvReaderConfig': textQualifier must be one ASCII character");
      }
      return new CsvConfig(
          flag(map, "useTextQualifier", true),
          quote.charAt(0),
          flag(map, "multiline", true),
          flag(map, "skipEmptyRecords", true),
          flag(map, "trimWhitespace", false));
    }

    private static boolean flag(Map<?, ?> map, String key, boolean fallback) {
      Object value = map.get(key);
      if (value == null) {
        return fallback;
      }
      if (value.toString().equalsIgnoreCase("true")) {
        return true;
      }
      if (value.toString().equalsIgnoreCase("false")) {
        return false;
      }
      throw wrong("option 'csvReaderConfig': " + key + " must be true or false");
    }
  }
}
