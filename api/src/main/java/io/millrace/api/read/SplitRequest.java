package io.millrace.api.read;

/**
 * What the engine knows when it asks for splits.
 *
 * @param channels the most splits that will be read at once, at least 1
 * @param whole true when the target cannot put the parts of a split together, so that the reader
 *     makes no split that is a part ({@link Split#group}), at the price of longer retries
 */
public record SplitRequest(int channels, boolean whole) {

  /** Parts are welcome. */
  public SplitRequest(int channels) {
    this(channels, false);
  }
}
