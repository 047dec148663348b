/**
 * Carries out attempts that the dispatcher orders, and reads and removes what they leave on this
 * node's disk. It decides neither what runs nor when, and writes nothing to the store.
 */
@NullMarked
package io.millrace.scheduler.runner;

import org.jspecify.annotations.NullMarked;
