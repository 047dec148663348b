/**
 * What the engine gives to a connector, as a test gives it: contexts that collect, and a
 * cancellation that the test pulls. No server and no test framework here.
 */
@NullMarked
package io.millrace.testkit.context;

import org.jspecify.annotations.NullMarked;
