/** Tests of what reader and writer share, without a broker. */
@NullMarked
package io.millrace.kafka.connect;

import org.jspecify.annotations.NullMarked;
