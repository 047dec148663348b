/**
 * Instances: one planned occurrence of a task each, their states, what they wait for, and what
 * people may do with them. When instances are made is decided elsewhere.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.instance;
