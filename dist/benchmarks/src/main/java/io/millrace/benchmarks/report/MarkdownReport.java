package io.millrace.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results as a part of a document. */
public final class MarkdownReport {

  /** Between these lines of a document stands what was measured last. */
  private static final String BEGIN = "<!-- measured by dist/bench -->";

  private static final String END = "<!-- end of what was measured -->";

  private MarkdownReport() {}

  /** Puts the results into the place that the document has for them, or makes a new document. */
  public static void write(Results results, Path file) throws IOException {
    String part = BEGIN + "\n\n" + of(results) + "\n" + END;
    if (!Files.exists(file)) {
      Files.writeString(file, part + "\n");
      return;
    }
    String document = Files.readString(file);
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(
          file + " has no place for results: two lines, \"" + BEGIN + "\" and \"" + END + "\"");
    }
    Files.writeString(
        file, document.substring(0, begin) + part + document.substring(end + END.length()));
  }

  /** The part by itself. */
  static String of(Results results) {
    StringBuilder text = new StringBuilder();
    text.append("Measured on ").append(Sentences.place(results)).append(".\n");
    for (WorkResults work : results.works()) {
      text.append("\n### ").append(work.server()).append("\n\n");
      text.append(Sentences.done(results, work)).append(".\n\n");
      if (!work.runs().isEmpty()) {
        table(text, ResultTable.of(work));
      }
      List<Verdict> verdicts = Verdict.of(results, work);
      if (!verdicts.isEmpty()) {
        text.append("\n| target | limit | measured | |\n|---|---|---|---|\n");
        verdicts.forEach(
            verdict ->
                row(
                    text,
                    List.of(
                        verdict.target().title(),
                        verdict.limit(),
                        verdict.measured(),
                        verdict.word())));
      }
      text.append("\nSettings: ").append(Sentences.settings(work)).append(".\n");
      work.failures()
          .keySet()
          .forEach(name -> text.append("\n`").append(name).append("` failed.\n"));
    }
    return text.toString();
  }

  private static void table(StringBuilder text, List<List<String>> rows) {
    row(text, rows.get(0));
    text.append("|---".repeat(rows.get(0).size())).append("|\n");
    rows.subList(1, rows.size()).forEach(cells -> row(text, cells));
  }

  private static void row(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
