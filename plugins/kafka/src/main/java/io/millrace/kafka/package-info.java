/** The connector for Kafka: what it is called, and its two ends. Nothing here talks to a broker. */
@NullMarked
package io.millrace.kafka;

import org.jspecify.annotations.NullMarked;
