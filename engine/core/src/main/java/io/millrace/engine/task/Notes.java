package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.ArrayList;
import java.util.List;

/** Collects what a person should know about a file that is accepted all the same. */
final class Notes {

  private static final int MOST = 50;

  private final List<String> stray = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /** Something in the file that has no meaning here: an error when strict. */
  void stray(String line) {
    stray.add(line.replaceAll("\\p{Cntrl}", " "));
  }

  /** Something worth knowing that is right. */
  void remark(String line) {
    String plain = line.replaceAll("\\p{Cntrl}", " ");
    if (!remarks.contains(plain)) {
      remarks.add(plain);
    }
  }

  /**
   * Every note, stray things first.
   *
   * @throws MillraceException when {@code strict} and something is stray
   */
  List<String> lines(String file, boolean strict) {
    if (strict && !stray.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          file
              + ": refused because of --strict: "
              + String.join("; ", stray.subList(0, Math.min(10, stray.size())))
              + (stray.size() > 10 ? "; and " + (stray.size() - 10) + " more" : ""));
    }
    List<String> lines = new ArrayList<>(stray);
    if (lines.size() > MOST) {
      lines = new ArrayList<>(lines.subList(0, MOST));
      lines.add("and " + (stray.size() - MOST) + " more settings without meaning here");
    }
    lines.addAll(remarks);
    return lines;
  }
}
