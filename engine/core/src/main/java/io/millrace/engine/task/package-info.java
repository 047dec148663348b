/**
 * What is to be done: the task and its settings, read from DataX, DataWorks and Millrace files with
 * parameters and data sources filled in. Nothing here runs anything.
 */
@NullMarked
package io.millrace.engine.task;

import org.jspecify.annotations.NullMarked;
