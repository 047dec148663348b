/**
 * Named connections with their secrets encrypted, and the keys they are encrypted with. Nothing
 * here connects to anything.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.datasource;
