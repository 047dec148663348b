/**
 * A plugin as a user has it: its zip, in a process that has nothing of it on the class path.
 * Nothing here knows a connector.
 */
@NullMarked
package io.millrace.testkit.plugin;

import org.jspecify.annotations.NullMarked;
