/** Classes that tests put into plugin zips; never used through the test's own class loader. */
@NullMarked
package io.millrace.engine.connector.sample;

import org.jspecify.annotations.NullMarked;
