package io.millrace.dist.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text for people. */
public final class Texts {

  private Texts() {}

  /** Lines of at most {@code width} characters, broken at blanks. */
  public static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** The values of a record for a table: NULL, and a text that is called so in quotes. */
  public static List<String> record(List<@Nullable String> values) {
    List<String> cells = new ArrayList<>();
    for (String value : values) {
      cells.add(value == null ? "NULL" : value.equals("NULL") ? "'NULL'" : value);
    }
    return cells;
  }

  /** A table with a header line, columns as wide as their widest cell up to {@code most}. */
  public static List<String> table(List<String> header, List<List<String>> rows, int most) {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.min(most, header.get(i).length());
      for (List<String> row : rows) {
        widths[i] = Math.min(most, Math.max(widths[i], cell(row.get(i)).length()));
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(header, widths));
    StringBuilder rule = new StringBuilder();
    for (int width : widths) {
      rule.append(rule.length() == 0 ? "" : "  ").append("-".repeat(width));
    }
    lines.add(rule.toString());
    for (List<String> row : rows) {
      lines.add(line(row, widths));
    }
    return lines;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String text = cell(cells.get(i));
      if (text.length() > widths[i]) {
        text = text.substring(0, widths[i] - 1) + "…";
      }
      line.append(i == 0 ? "" : "  ").append(text);
      line.append(" ".repeat(widths[i] - text.length()));
    }
    return line.toString().stripTrailing();
  }

  /** A value must not break the table. */
  private static String cell(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain.append(Character.isISOControl(c) ? '·' : c);
    }
    return plain.toString();
  }
}
