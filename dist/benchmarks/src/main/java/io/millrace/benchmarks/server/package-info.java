/**
 * The servers that are measured and compared with, with the settings of the benchmark. Starting
 * them is the testkit's part.
 */
@NullMarked
package io.millrace.benchmarks.server;

import org.jspecify.annotations.NullMarked;
