package io.millrace.datahub.connect;

/**
 * A record of a request that the service did not take.
 *
 * @param index its place in the request
 * @param code the service's error code
 * @param message what the service says
 */
public record Refusal(int index, String code, String message) {}
