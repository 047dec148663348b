package io.millrace.api.read;

/**
 * What the engine knows when it asks for splits.
 *
 * @param channels the most splits that will be read at once, at least 1
 */
public record SplitRequest(int channels) {}
