/**
 * {@code dist/bench parquet}: the packaged connector for files beside a plain loop of parquet-java,
 * over the same rows, in one process with a small heap.
 */
@NullMarked
package io.millrace.benchmarks.parquet;

import org.jspecify.annotations.NullMarked;
