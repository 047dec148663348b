/**
 * Values between the bytes of a message and columns: JSON, delimited text and CSV are cut into
 * fields, and fields become typed values; nothing is allocated for a field. Nothing here knows
 * Kafka.
 */
@NullMarked
package io.millrace.kafka.value;

import org.jspecify.annotations.NullMarked;
