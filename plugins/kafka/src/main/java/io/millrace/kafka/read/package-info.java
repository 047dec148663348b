/**
 * Reads windows of topics: begin and end of each partition are resolved once, pinned in its split,
 * and read without a consumer group.
 */
@NullMarked
package io.millrace.kafka.read;

import org.jspecify.annotations.NullMarked;
