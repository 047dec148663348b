/**
 * Errors as the client sees them (RFC 9457). What went wrong inside stays in the log, under a trace
 * id.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.problem;
