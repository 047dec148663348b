package io.millrace.datahub.connect;

/**
 * Where a record stands in its shard.
 *
 * @param cursor from which it is read
 * @param sequence its number, rising by one from record to record
 * @param millis when it arrived, in milliseconds since 1970
 */
public record Seek(String cursor, long sequence, long millis) {}
