/**
 * Records for tests: plain ones in any number, and every type with the values at its edges; and how
 * records are compared, as canonical texts. Nothing here knows a connector.
 */
@NullMarked
package io.millrace.testkit.sample;

import org.jspecify.annotations.NullMarked;
