/** Tells results: as a table on the terminal, as JSON and as a part of a document. */
@NullMarked
package io.millrace.benchmarks.report;

import org.jspecify.annotations.NullMarked;
