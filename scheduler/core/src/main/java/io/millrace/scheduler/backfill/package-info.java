/**
 * Backfills: what one would make, how its dates are let go one after another, and steering it. What
 * an instance does once it is made is not decided here.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.backfill;
