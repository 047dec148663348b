/** Tests of the writer against real brokers. */
@NullMarked
package io.millrace.kafka.write;

import org.jspecify.annotations.NullMarked;
