package org.apache.hadoop.io;

import java.util.Arrays;

/** Compares bytes. Stateless. */
public class WritableComparator {

  public static int compareBytes(
      byte[] one, int start, int length, byte[] other, int otherStart, int otherLength) {
    return Arrays.compareUnsigned(
        one, start, start + length, other, otherStart, otherStart + otherLength);
  }
}
