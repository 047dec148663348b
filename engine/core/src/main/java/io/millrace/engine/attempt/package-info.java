/**
 * One attempt: the straight line through the four stages, and what it comes to. Nothing here knows
 * where a task file or a connector came from.
 */
@NullMarked
package io.millrace.engine.attempt;

import org.jspecify.annotations.NullMarked;
