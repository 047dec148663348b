/**
 * Tests of the columnar formats by their interface: files of many groups, foreign and broken ones.
 */
@NullMarked
package io.millrace.files.columnar;

import org.jspecify.annotations.NullMarked;
