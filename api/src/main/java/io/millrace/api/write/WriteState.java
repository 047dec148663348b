package io.millrace.api.write;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a writer prepared. It is kept for resume and sent to other machines, so it is data: no
 * secret, no connection.
 *
 * @param version the version of the form of {@code properties}, set and understood by the writer
 * @param properties what later calls need, instance, generation and epoch included
 * @param guarantee what the target can promise
 * @param reason why it cannot promise more, for the log and the result; empty for EXACTLY_ONCE
 */
public record WriteState(
    int version, Map<String, String> properties, Guarantee guarantee, String reason) {

  public WriteState {
    properties = Map.copyOf(new TreeMap<>(properties));
  }
}
