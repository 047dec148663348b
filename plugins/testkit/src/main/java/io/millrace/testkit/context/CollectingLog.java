package io.millrace.testkit.context;

import io.millrace.api.Sensitive;
import io.millrace.api.StageLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps log lines, without the marks of what is data, for the test to look at. Safe for use by
 * several threads.
 */
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
    lines.add(Sensitive.plain(line));
  }

  @Override
  public void warn(String line) {
    lines.add(Sensitive.plain(line));
    warnings.add(Sensitive.plain(line));
  }
}
