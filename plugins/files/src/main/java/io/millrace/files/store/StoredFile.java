package io.millrace.files.store;

/**
 * A file as it was when it was looked at.
 *
 * @param name as its store calls it: an absolute path, or an object's key
 * @param size in bytes
 * @param version changes when the content does: an etag, or a time of modification
 */
public record StoredFile(String name, long size, String version) {}
