package io.millrace.engine.attempt;

import io.millrace.api.StageLog;
import java.util.List;

/** Keeps the warnings of an attempt and nothing else. */
final class WarningsLog implements AttemptLog {

  private final List<String> warnings;

  WarningsLog(List<String> warnings) {
    this.warnings = warnings;
  }

  @Override
  public void line(String text) {}

  @Override
  public void warn(String text) {
    warnings.add(text);
  }

  @Override
  public void state(Progress progress) {}

  @Override
  public void stageBegun(Stage stage) {}

  @Override
  public void stageEnded(AttemptResult.StageTime time) {}

  @Override
  public StageLog stage(Stage stage) {
    return new StageLog() {
      @Override
      public void info(String line) {}

      @Override
      public void warn(String line) {
        warnings.add(line);
      }
    };
  }

  @Override
  public void kept(String type, String reason, String line) {}

  @Override
  public void ended(AttemptResult result, Progress progress) {}
}
