/**
 * Real MySQL-compatible servers for tests, benchmarks and the demo, without Docker where there is
 * none. No test framework here: what starts a server in a test starts it in the demo as well.
 */
@NullMarked
package io.millrace.testkit.server;

import org.jspecify.annotations.NullMarked;
