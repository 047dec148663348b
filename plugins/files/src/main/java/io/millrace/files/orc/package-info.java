/**
 * ORC, both ways, by Apache ORC's own reader and writer over vectors. It is given the bytes and the
 * limits; Hadoop is not there.
 */
@NullMarked
package io.millrace.files.orc;

import org.jspecify.annotations.NullMarked;
