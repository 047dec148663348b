package io.millrace.files.parquet;

/**
 * What the levels of a page say of it. A decoder takes each of them for a place in a row, whatever
 * its number.
 *
 * @param first the level of the first value; 0 where there is none
 * @param greatest of all
 * @param zeros how many are 0; of repetition levels this is how many rows begin
 */
record Levels(int first, int greatest, int zeros) {

  /** Those of a column that has none. */
  private static final Levels NONE = new Levels(0, 0, 0);

  /**
   * Levels in runs, which {@link PageBounds#requireRuns} has looked at. Bytes that are missing at
   * the end of packed ones are 0, as for the decoders.
   *
   * @param width bits of a level, at most 8
   * @param values how many there are
   */
  static Levels runs(byte[] bytes, int from, int to, int width, int values) {
    Levels all = NONE;
    int at = from;
    int seen = 0;
    while (seen < values && at < to) {
      long header = 0;
      int shift = 0;
      byte b;
      do {
        b = bytes[at++];
        header |= (b & 0x7fL) << shift;
        shift += 7;
      } while (b < 0 && at < to && shift < 35);
      int left = values - seen;
      if ((header & 1) == 0) {
        int count = (int) Math.min(left, header >>> 1);
        int level = at < to ? bytes[at] & 0xff : 0;
        all = all.and(new Levels(level, level, level == 0 ? count : 0), seen);
        at++;
        seen += count;
      } else {
        int count = (int) Math.min(left, (header >>> 1) * 8);
        all = all.and(packed(bytes, at, to, width, count, false), seen);
        at += (int) Math.min((header >>> 1) * width, to);
        seen += count;
      }
    }
    return all;
  }

  /**
   * Levels packed without runs.
   *
   * @param highFirst whether the first level is in the highest bits of the first byte
   */
  static Levels packed(byte[] bytes, int from, int to, int width, int values, boolean highFirst) {
    int first = 0;
    int greatest = 0;
    int zeros = 0;
    for (int i = 0; i < values; i++) {
      long bit = (long) i * width;
      int at = (int) Math.min(to, from + (bit >>> 3));
      int inside = (int) (bit & 7);
      int low = at < to ? bytes[at] & 0xff : 0;
      int high = at + 1 < to ? bytes[at + 1] & 0xff : 0;
      int level =
          highFirst ? (low << 8 | high) >>> (16 - inside - width) : (high << 8 | low) >>> inside;
      level &= (1 << width) - 1;
      first = i == 0 ? level : first;
      greatest = Math.max(greatest, level);
      zeros += level == 0 ? 1 : 0;
    }
    return new Levels(first, greatest, zeros);
  }

  private Levels and(Levels more, int before) {
    return new Levels(
        before == 0 ? more.first : first, Math.max(greatest, more.greatest), zeros + more.zeros);
  }
}
