/** Resource groups: where tasks run, and how many slots there are. */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.group;
