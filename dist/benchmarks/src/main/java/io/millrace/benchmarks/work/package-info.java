/**
 * What is measured: works, each a set of scenarios that do the same by different means, and the
 * targets they are held against. A new work is a class here and a line in {@code Works}.
 */
@NullMarked
package io.millrace.benchmarks.work;

import org.jspecify.annotations.NullMarked;
