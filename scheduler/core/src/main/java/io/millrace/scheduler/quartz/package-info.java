/**
 * The one place that knows Quartz: it says when something is due. What is done then is decided by
 * the store, so that a trigger that fires twice, late or with a wrong time does no harm.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.quartz;
