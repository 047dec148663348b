/**
 * Scheduling parameters: what is assigned to them, and the values that are frozen into an instance
 * or shown before. The grammar of their expressions is the engine's.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.parameter;
