package io.millrace.testkit.context;

import io.millrace.api.StageLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps log lines for the test to look at. Safe for use by several threads. */
public final class CollectingLog implements StageLog {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  /** Every line, warnings included. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The warnings. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void info(String line) {
    lines.add(line);
  }

  @Override
  public void warn(String line) {
    lines.add(line);
    warnings.add(line);
  }
}
