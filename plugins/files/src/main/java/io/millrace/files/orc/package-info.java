/**
 * ORC, both ways, by Apache ORC's own decoders and writer over vectors. What stands between them
 * and the bytes, and looks whether these are whole, is here; Hadoop is not there.
 */
@NullMarked
package io.millrace.files.orc;

import org.jspecify.annotations.NullMarked;
