package io.millrace.files;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * csv written and read in the simplest way there is, to compare with. Every value is in quotes,
 * NULL is {@code \N} without.
 */
final class CsvText {

  private CsvText() {}

  static String write(List<List<@Nullable String>> records) {
    StringBuilder text = new StringBuilder();
    for (List<@Nullable String> record : records) {
      for (int i = 0; i < record.size(); i++) {
        String value = record.get(i);
        text.append(i == 0 ? "" : ",");
        text.append(value == null ? "\\N" : '"' + value.replace("\"", "\"\"") + '"');
      }
      text.append('\n');
    }
    return text.toString();
  }

  static List<List<@Nullable String>> read(String text) {
    List<List<@Nullable String>> records = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      List<@Nullable String> record = new ArrayList<>();
      while (true) {
        boolean quoted = text.charAt(at) == '"';
        StringBuilder value = new StringBuilder();
        if (quoted) {
          at++;
          while (text.charAt(at) != '"' || text.startsWith("\"\"", at)) {
            value.append(text.charAt(at));
            at += text.charAt(at) == '"' ? 2 : 1;
          }
          at++;
        } else {
          while (text.charAt(at) != ',' && text.charAt(at) != '\n') {
            value.append(text.charAt(at++));
          }
        }
        record.add(!quoted && value.toString().equals("\\N") ? null : value.toString());
        if (text.charAt(at++) == '\n') {
          break;
        }
      }
      records.add(record);
    }
    return records;
  }
}
