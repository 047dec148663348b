/**
 * Health, readiness and metrics. What is ready is decided by the checks that the composer passes
 * in.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.monitor;
