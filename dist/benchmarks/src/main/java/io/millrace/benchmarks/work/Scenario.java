package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;

/** One means of doing a work. One thread calls. */
public interface Scenario {

  /** A short name for the command line, unique within the work. */
  String name();

  /** What is measured, in a few words. */
  String title();

  /** True when it runs the packaged Millrace. */
  boolean usesMillrace();

  /** True when it does the whole work, so that its rows per second can be compared. */
  boolean isComparable();

  /** How often it runs when so many rounds are asked for. */
  default int rounds(int asked) {
    return asked;
  }

  /**
   * Does the work once, from a server at rest, and leaves nothing behind.
   *
   * @throws MismatchException when what arrived is not what was sent
   */
  Cost run(Workbench bench) throws Exception;
}
