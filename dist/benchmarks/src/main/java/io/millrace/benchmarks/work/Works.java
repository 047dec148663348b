package io.millrace.benchmarks.work;

import java.util.List;

/** All works, in the order in which they are measured. */
public final class Works {

  private Works() {}

  /** New ones; each serves one run of the benchmark. */
  public static List<Work> all() {
    return List.of(new TableCopy(), new TextFiles(), new TopicRead());
  }
}
