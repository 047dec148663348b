package org.apache.hadoop.io;

import java.util.Arrays;

/** Bytes with an order. */
public abstract class BinaryComparable implements Comparable<BinaryComparable> {

  /** The buffer; only {@link #getLength} bytes of it count. */
  public abstract byte[] getBytes();

  public abstract int getLength();

  @Override
  public int compareTo(BinaryComparable other) {
    return Arrays.compareUnsigned(
        getBytes(), 0, getLength(), other.getBytes(), 0, other.getLength());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinaryComparable bytes && compareTo(bytes) == 0;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(Arrays.copyOf(getBytes(), getLength()));
  }
}
