/**
 * Kills and pauses whole schedulers, each in a JVM of its own, and looks at what is left. What a
 * scheduler does while it lives is tested elsewhere.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.kill;
