/**
 * What flows to a client as it happens: state changes and growing logs, as server-sent events.
 * Nothing here waits for a slow client.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.event;
