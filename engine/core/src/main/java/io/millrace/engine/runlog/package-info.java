/**
 * What people read about an attempt: the run log in five areas and a detailed log for each stage.
 * Nothing here decides anything, and a log that cannot be written stops nothing.
 */
@NullMarked
package io.millrace.engine.runlog;

import org.jspecify.annotations.NullMarked;
