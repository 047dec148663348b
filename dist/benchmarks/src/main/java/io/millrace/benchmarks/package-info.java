/**
 * The benchmark as a program: its command line, and the order in which servers, works and rounds
 * are gone through. What is copied, how it is measured and how it is told lies in the packages
 * below.
 */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
