/**
 * The HTTP API over the scheduler, and who may use it. Decides nothing about instances: that is the
 * scheduler's.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server;
