/** Tests of the connector against real brokers, and what they share. */
@NullMarked
package io.millrace.kafka;

import org.jspecify.annotations.NullMarked;
