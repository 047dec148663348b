/**
 * A local Simple Log Service that speaks the protocol the service documents: signatures, cursors,
 * LZ4 and protobuf. It keeps everything in memory.
 */
@NullMarked
package io.millrace.loghub.fake;

import org.jspecify.annotations.NullMarked;
