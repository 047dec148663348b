package io.millrace.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results for a terminal. */
public final class TextReport {

  private TextReport() {}

  /** Several lines. */
  public static String of(Results results) {
    StringBuilder text = new StringBuilder();
    for (WorkResults work : results.works()) {
      text.append(String.format("%n%s: %s%n", work.server(), Sentences.done(results, work)));
      if (!work.runs().isEmpty()) {
        align(text, ResultTable.of(work));
      }
      List<List<String>> targets = new ArrayList<>();
      for (Verdict verdict : Verdict.of(results, work)) {
        targets.add(
            List.of(verdict.target().title(), verdict.limit(), verdict.measured(), verdict.word()));
      }
      if (!targets.isEmpty()) {
        text.append(String.format("%nTargets%n"));
        align(text, targets);
      }
      failures(work)
          .forEach(
              (message, names) ->
                  text.append(
                      String.format("%nFAILED %s: %s%n", String.join(", ", names), message)));
    }
    return text.toString();
  }

  /** The names of what failed for the same reason stand together. */
  private static Map<String, List<String>> failures(WorkResults work) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    work.failures()
        .forEach(
            (name, message) ->
                names.computeIfAbsent(message, reason -> new ArrayList<>()).add(name));
    return names;
  }

  private static void align(StringBuilder text, List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      text.append(String.format("  %-" + widths[0] + "s", row.get(0)));
      for (int i = 1; i < columns; i++) {
        text.append(String.format("  %" + widths[i] + "s", row.get(i)));
      }
      text.append(System.lineSeparator());
    }
  }
}
