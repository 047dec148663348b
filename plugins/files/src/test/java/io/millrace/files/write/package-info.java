/** Tests of the parts of the writer. */
@NullMarked
package io.millrace.files.write;

import org.jspecify.annotations.NullMarked;
