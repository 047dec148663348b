package io.millrace.files.columnar;

/** What a library says, in one line for people. Stateless. */
public final class OneLine {

  private static final int LONGEST = 200;

  private OneLine() {}

  /** The first line, cut where it is long, without characters that would disturb a log. */
  public static String of(String message) {
    String line = message.lines().findFirst().orElse("").strip().replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
