/**
 * Kills and pauses whole schedulers, each in a JVM of its own, gives them another time, and looks
 * at what is left. What a scheduler does while it lives undisturbed is tested elsewhere.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.kill;
