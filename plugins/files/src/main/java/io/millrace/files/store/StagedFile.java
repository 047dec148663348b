package io.millrace.files.store;

/**
 * A file whose bytes are kept by the store, but which nobody sees. It is data, kept in control
 * records: any process can complete or abort it.
 *
 * @param name what it is called once it is complete
 * @param size in bytes
 * @param token how the store finds what it keeps, in a form of the store's own
 */
public record StagedFile(String name, long size, String token) {}
