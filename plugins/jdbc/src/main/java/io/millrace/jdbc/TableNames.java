package io.millrace.jdbc;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expands the numbered form of table names: {@code t_[0-2]} stands for t_0, t_1 and t_2. */
public final class TableNames {

  /** The most names one task may stand for; more is taken for a mistake. */
  private static final int MOST = 10_000;

  private static final Pattern RANGE = Pattern.compile("\\[(\\d{1,9})-(\\d{1,9})]");

  private TableNames() {}

  /**
   * Every name that the given ones stand for, once, in order. A range whose first number has
   * leading zeros gives numbers of that width: {@code t_[00-11]}. A name in backticks or double
   * quotes is taken as it is.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} for a range that runs
   *     backwards, or too many names
   */
  public static List<String> expand(List<String> names) {
    Set<String> expanded = new LinkedHashSet<>();
    for (String name : names) {
      for (String part : splitAtCommas(name)) {
        expandOne(part.strip(), expanded);
      }
    }
    return List.copyOf(expanded);
  }

  /**
   * DataX accepts several names in one text, parted by commas; commas in quotes or parentheses do
   * not part.
   */
  private static List<String> splitAtCommas(String text) {
    List<String> parts = new ArrayList<>();
    char quote = 0;
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '`' || c == '"') {
        quote = c;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && depth <= 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static void expandOne(String name, Set<String> into) {
    if (name.isEmpty()) {
      return;
    }
    Matcher range = RANGE.matcher(name);
    if (name.indexOf('`') >= 0 || name.indexOf('"') >= 0 || !range.find()) {
      add(name, into);
      return;
    }
    String from = range.group(1);
    int first = Integer.parseInt(from);
    int last = Integer.parseInt(range.group(2));
    if (first > last) {
      throw wrong("the range " + range.group() + " in table '" + name + "' runs backwards");
    }
    if (last - first >= MOST) {
      throw wrong("table '" + name + "' stands for more than " + MOST + " tables");
    }
    String before = name.substring(0, range.start());
    String after = name.substring(range.end());
    boolean padded = from.length() > 1 && from.startsWith("0");
    for (int i = first; i <= last; i++) {
      String number = padded ? ("%0" + from.length() + "d").formatted(i) : Integer.toString(i);
      // What follows may hold a range as well: db_[0-3].t_[0-7].
      expandOne(before + number + after, into);
    }
  }

  private static void add(String name, Set<String> into) {
    if (into.size() >= MOST && !into.contains(name)) {
      throw wrong("the table option stands for more than " + MOST + " tables");
    }
    into.add(name);
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
