package io.millrace.engine.attempt;

import io.millrace.api.StageLog;
import java.util.function.Consumer;

/** A stage's log where nobody wants to know more than what is wrong. */
record WarningLines(Consumer<String> lines) implements StageLog {

  @Override
  public void info(String line) {}

  @Override
  public void warn(String line) {
    lines.accept(line);
  }
}
