package io.millrace.engine.runlog;

import io.millrace.api.StageLog;
import io.millrace.engine.attempt.Stage;
import io.millrace.engine.task.Secrets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The detailed logs, a file for each stage: {@code stage-1-pre-preparation.log} and so on. A file
 * is made with its first line. Safe for use by several threads; never throws.
 */
final class StageLogs implements AutoCloseable {

  private final Map<Stage, LineFile> files = new EnumMap<>(Stage.class);
  private final Map<Stage, StageLog> logs = new EnumMap<>(Stage.class);

  /**
   * @param directory where the files lie
   * @param stamp the current time as the lines begin with it
   * @param warnings takes each warning for the run log as well
   * @param keepsMarks lines are written with the marks of what is data
   * @param complain takes one line about each file that cannot be written
   */
  StageLogs(
      Path directory,
      Secrets secrets,
      Supplier<String> stamp,
      Consumer<String> warnings,
      Consumer<String> complain,
      boolean keepsMarks) {
    for (Stage stage : Stage.values()) {
      LineFile file = new LineFile(directory.resolve(fileName(stage)), complain, keepsMarks);
      files.put(stage, file);
      logs.put(
          stage,
          new StageLog() {
            @Override
            public void info(String line) {
              file.write(stamp.get() + " : " + LineFile.clean(line, secrets));
            }

            @Override
            public void warn(String line) {
              info("WARN " + line);
              warnings.accept(line);
            }
          });
    }
  }

  static String fileName(Stage stage) {
    String name = stage.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return "stage-" + (stage.ordinal() + 1) + "-" + name + ".log";
  }

  StageLog of(Stage stage) {
    return logs.get(stage);
  }

  /** The files that were written to. */
  Map<Stage, Path> begun() {
    Map<Stage, Path> begun = new LinkedHashMap<>();
    files.forEach(
        (stage, file) -> {
          if (file.isBegun()) {
            begun.put(stage, file.path());
          }
        });
    return begun;
  }

  @Override
  public void close() {
    files.values().forEach(LineFile::close);
  }
}
