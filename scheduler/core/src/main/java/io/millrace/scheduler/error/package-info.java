/**
 * The errors that only a scheduler has. What a task or a connector does wrong has its code in the
 * api.
 */
@NullMarked
package io.millrace.scheduler.error;

import org.jspecify.annotations.NullMarked;
