package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;

/** Copies rows into an empty table and tells what that cost. */
@FunctionalInterface
interface Copying {

  /**
   * Copies.
   *
   * @param target the table, which is there, empty and alike
   */
  Cost into(Workbench bench, String target) throws Exception;
}
