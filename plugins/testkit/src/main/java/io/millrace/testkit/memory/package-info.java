/**
 * A connector that reads and writes tables in memory, exactly once, and fails where a test wants it
 * to. For tests of the engine, and the example that passes every contract.
 */
@NullMarked
package io.millrace.testkit.memory;

import org.jspecify.annotations.NullMarked;
