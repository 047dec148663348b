/** Tests of values without a broker. */
@NullMarked
package io.millrace.kafka.value;

import org.jspecify.annotations.NullMarked;
