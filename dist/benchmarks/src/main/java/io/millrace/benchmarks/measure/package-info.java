/**
 * What a program or a server cost: time, processor time and memory, as Linux counts them. Nothing
 * here knows what was done.
 */
@NullMarked
package io.millrace.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
