/** Tests of the parts of the writer. */
@NullMarked
package io.millrace.files.store;

import org.jspecify.annotations.NullMarked;
