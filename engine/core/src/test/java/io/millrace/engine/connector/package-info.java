/** Tests of plugin loading, with real zips that are built by the tests. */
@NullMarked
package io.millrace.engine.connector;

import org.jspecify.annotations.NullMarked;
