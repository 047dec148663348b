package io.millrace.kafka.value;

/** Cuts messages into fields. For one thread. */
public interface FieldParser {

  /**
   * Cuts a message; a field that it does not have is NULL.
   *
   * @param fields are cleared first, also when this throws
   * @throws BadValueException when the message as a whole cannot be cut
   */
  void parse(byte[] message, int offset, int length, Fields fields) throws BadValueException;
}
