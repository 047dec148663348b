/**
 * What a task's writer shows of itself to the task's reader, so that a source that is the target is
 * noticed. What the reader makes of it is not decided here.
 */
@NullMarked
package io.millrace.mysql.mark;

import org.jspecify.annotations.NullMarked;
