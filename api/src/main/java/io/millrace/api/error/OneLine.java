package io.millrace.api.error;

import io.millrace.api.Sensitive;

/**
 * What of a text may be shown to people: a driver puts a whole trace into its message, a library a
 * page of what it was given, a server whatever it likes.
 */
public final class OneLine {

  /** More of a message nobody reads. */
  private static final int MOST = 4000;

  private static final String CUT = "… (cut)";

  /** From here on, Connector/J repeats the trace of a cause. */
  private static final String NESTED = "** BEGIN NESTED EXCEPTION **";

  private OneLine() {}

  /**
   * The text on one line: without a trace, line breaks and control characters, and bounded. It is
   * cut between words, so that no half of a secret stays that would not be known as one.
   */
  public static String of(String text) {
    if (isOne(text)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    int nested = text.indexOf(NESTED);
    String said = nested < 0 ? text : Sensitive.cut(text, nested);
    // What it announces the trace with stands on a line of its own.
    said = said.replaceFirst("\\s*Nested Stack Trace:\\s*(?=\u2069?$)", "");
    for (String each : said.split("\\R")) {
      String part = each.strip();
      if (part.isEmpty() || isOfATrace(each)) {
        continue;
      }
      if (line.length() > 0) {
        line.append(' ');
      }
      part.chars().forEach(c -> line.append(isControl(c) ? ' ' : (char) c));
    }
    String whole = line.toString().strip();
    if (whole.length() <= MOST) {
      return whole;
    }
    int end = whole.lastIndexOf(' ', MOST);
    return Sensitive.cut(whole, Math.max(end, 0)) + CUT;
  }

  private static boolean isOne(String text) {
    if (text.length() > MOST || text.contains(NESTED)) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isControl(int c) {
    return c < ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;
  }

  /** As Java prints it: {@code \tat package.Class.method(File.java:1)} and {@code ... 12 more}. */
  private static boolean isOfATrace(String line) {
    String text = line.strip();
    return (line.startsWith("\tat ") && text.endsWith(")"))
        || (text.startsWith("... ") && text.endsWith(" more"));
  }
}
