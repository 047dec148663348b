package io.millrace.server.event;

/**
 * Something that happened.
 *
 * @param number its place among all events of this server's life
 * @param name what it is, such as {@code instance}
 * @param data as JSON
 */
public record Event(long number, String name, String data) {}
