/** Tests of the stream connector, called as the engine calls it. */
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
