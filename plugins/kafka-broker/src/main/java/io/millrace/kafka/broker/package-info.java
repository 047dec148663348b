/**
 * Real Kafka brokers as child processes, for tests and benchmarks. Each is a broker and a
 * controller at once; nothing here knows Millrace.
 */
@NullMarked
package io.millrace.kafka.broker;

import org.jspecify.annotations.NullMarked;
