/**
 * What the columnar formats share: how the columns of a file become those that are delivered, how a
 * record that cannot be is told, calendars, and bounds on memory. Nothing here knows a format.
 */
@NullMarked
package io.millrace.files.columnar;

import org.jspecify.annotations.NullMarked;
