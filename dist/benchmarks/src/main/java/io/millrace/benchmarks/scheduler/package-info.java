/**
 * Measures the scheduler inside this JVM: how many instances it moves, what its looks cost with
 * many tasks, and how soon a run is done. What attempts cost is measured elsewhere.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.benchmarks.scheduler;
