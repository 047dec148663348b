/**
 * What reader and writer share: options of a connection and the clients' properties made of them,
 * calls that can be cancelled, and what a client's error means.
 */
@NullMarked
package io.millrace.kafka.connect;

import org.jspecify.annotations.NullMarked;
