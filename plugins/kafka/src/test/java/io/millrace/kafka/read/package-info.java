/** Tests of the reader against real brokers. */
@NullMarked
package io.millrace.kafka.read;

import org.jspecify.annotations.NullMarked;
