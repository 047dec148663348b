/** Tests of the parts of the reader. */
@NullMarked
package io.millrace.files.read;

import org.jspecify.annotations.NullMarked;
