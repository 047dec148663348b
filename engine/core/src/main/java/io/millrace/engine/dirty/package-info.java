/**
 * Dirty records: counted against the task's limit and kept in files that are sealed before their
 * split commits, so that a retry neither doubles nor loses one.
 */
@NullMarked
package io.millrace.engine.dirty;

import org.jspecify.annotations.NullMarked;
