package io.millrace.files.option;

import io.millrace.api.option.Escapes;
import io.millrace.api.option.Options;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What stands between values and records and for NULL, in UTF-8, checked so that none can be taken
 * for another.
 *
 * @param line empty where nothing is said
 */
record Separators(byte[] delimiter, byte[] line, byte[] nullText) {

  /**
   * Reads them.
   *
   * @param quote the byte around values, or -1
   */
  static Separators of(Options options, CsvConfig config, int quote, Charset charset) {
    String delimiter =
        config.delimiter() != null
            ? config.delimiter()
            : Escapes.read("fieldDelimiter", options.get(FormatOptions.FIELD_DELIMITER));
    String line =
        config.line() != null
            ? config.line()
            : Escapes.read("lineDelimiter", options.find(FormatOptions.LINE_DELIMITER).orElse(""));
    String nullText = options.get(FormatOptions.NULL_FORMAT);
    if (delimiter.isEmpty() || holdsAny(delimiter, List.of("\n", "\r", "\""))) {
      throw FormatOptions.wrong(
          "option 'fieldDelimiter': must not be empty, nor hold a quote or a line's end");
    }
    boolean quoted = quote >= 0 && (delimiter + line).indexOf(quote) >= 0;
    boolean nested = !line.isEmpty() && (line.contains(delimiter) || delimiter.contains(line));
    if (quoted || nested) {
      throw FormatOptions.wrong(
          "options 'fieldDelimiter' and 'lineDelimiter': neither may hold the other, nor the quote");
    }
    if (holdsAny(nullText, List.of(delimiter, line, "\n", "\r", "\""))) {
      throw FormatOptions.wrong(
          "option 'nullFormat': must not hold a delimiter, a quote or a line's end");
    }
    requireEncodable("fieldDelimiter", delimiter, charset);
    requireEncodable("lineDelimiter", line, charset);
    requireEncodable("nullFormat", nullText, charset);
    return new Separators(bytes(delimiter), bytes(line), bytes(nullText));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean holdsAny(String text, List<String> others) {
    return others.stream().anyMatch(other -> !other.isEmpty() && text.contains(other));
  }

  private static void requireEncodable(String option, String text, Charset charset) {
    if (charset.canEncode() && !charset.newEncoder().canEncode(text)) {
      throw FormatOptions.wrong(
          "option '" + option + "': '" + text + "' holds characters that " + charset + " lacks");
    }
  }
}
