/**
 * Makes the instances of tasks: by their schedules, and for tests and manual runs. Where they go
 * from there is the instances' own matter.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.generate;
