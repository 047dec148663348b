/** Tests of compressions. */
@NullMarked
package io.millrace.files.compress;

import org.jspecify.annotations.NullMarked;
