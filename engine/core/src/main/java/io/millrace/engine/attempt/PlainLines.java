package io.millrace.engine.attempt;

import io.millrace.api.Sensitive;
import io.millrace.api.StageLog;
import java.util.function.Consumer;

/** A stage's log where there is no stage: every line goes to one place, for who may see all. */
record PlainLines(Consumer<String> lines) implements StageLog {

  @Override
  public void info(String line) {
    lines.accept(Sensitive.plain(line));
  }

  @Override
  public void warn(String line) {
    lines.accept("warning: " + Sensitive.plain(line));
  }
}
