/** Tests of ORC against its own library: foreign files, damaged files, large stripes. */
@NullMarked
package io.millrace.files.orc;

import org.jspecify.annotations.NullMarked;
