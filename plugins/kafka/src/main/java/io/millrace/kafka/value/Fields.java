package io.millrace.kafka.value;

import java.util.Arrays;

/**
 * The fields that one message was cut into: each stands in the message itself or, where it had to
 * be decoded, in a buffer of its own. Used again for each message; for one thread.
 */
public final class Fields {

  /** What a field is. */
  public enum Kind {
    /** Not there, or null. */
    NULL,
    TEXT,
    NUMBER,
    TRUE,
    FALSE,
    /** An object or list, as it stands in the message. */
    NESTED
  }

  private final Kind[] kinds;
  private final int[] starts;
  private final int[] lengths;
  private final boolean[] decoded;
  private final boolean[] present;
  private final ByteSink scratch = new ByteSink();
  private byte[] message = new byte[0];

  /**
   * @param count how many fields are wanted of each message
   */
  public Fields(int count) {
    kinds = new Kind[count];
    starts = new int[count];
    lengths = new int[count];
    decoded = new boolean[count];
    present = new boolean[count];
    clear();
  }

  /** Makes every field one that is not there. */
  public void clear() {
    Arrays.fill(kinds, Kind.NULL);
    Arrays.fill(present, false);
    Arrays.fill(lengths, 0);
    scratch.clear();
  }

  /** Begins a message, whose bytes must not change while fields are looked at. */
  void begin(byte[] bytes) {
    clear();
    message = bytes;
  }

  /** How many fields are wanted. */
  public int size() {
    return kinds.length;
  }

  /** Makes the first field a text that stands by itself. */
  public void setText(byte[] text) {
    begin(text);
    set(0, Kind.TEXT, 0, text.length);
  }

  /** Sets a field to a part of the message. */
  void set(int field, Kind kind, int start, int length) {
    kinds[field] = kind;
    starts[field] = start;
    lengths[field] = length;
    decoded[field] = false;
    present[field] = true;
  }

  /** Makes a field one that is not there. */
  void setAbsent(int field) {
    set(field, Kind.NULL, 0, 0);
    present[field] = false;
  }

  /** Where a decoded field is written to; then {@link #setDecoded}. */
  ByteSink scratch() {
    return scratch;
  }

  /** Sets a field to what was written to {@link #scratch()} from {@code start} on. */
  void setDecoded(int field, Kind kind, int start) {
    kinds[field] = kind;
    starts[field] = start;
    lengths[field] = scratch.size() - start;
    decoded[field] = true;
    present[field] = true;
  }

  /** Whether the message has the field, be it null. */
  public boolean isPresent(int field) {
    return present[field];
  }

  /** What the field is. */
  public Kind kind(int field) {
    return kinds[field];
  }

  /** The buffer in which the field stands. */
  public byte[] buffer(int field) {
    return decoded[field] ? scratch.buffer() : message;
  }

  /** Where in its buffer it begins. */
  public int start(int field) {
    return starts[field];
  }

  /** Its length in bytes. */
  public int length(int field) {
    return lengths[field];
  }
}
