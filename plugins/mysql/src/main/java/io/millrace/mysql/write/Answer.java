package io.millrace.mysql.write;

import org.jspecify.annotations.Nullable;

/**
 * What the server says after a statement that writes.
 *
 * @param records records it processed, by its own information text; -1 where it gave none, which is
 *     so for one record
 * @param skipped records {@code LOAD DATA} left out
 * @param warnings warnings and notes
 * @param affected rows it changed, as the protocol counts them
 */
record Answer(long records, long skipped, int warnings, long affected) {

  /**
   * Reads the information text by the order of its numbers, because its words depend on the
   * server's language: {@code Records: 2 Deleted: 0 Skipped: 0 Warnings: 0} after LOAD DATA, {@code
   * Records: 2 Duplicates: 0 Warnings: 0} after INSERT.
   */
  static Answer of(@Nullable String info, int warnings, long affected) {
    long[] numbers = new long[4];
    int count = 0;
    boolean inNumber = false;
    int length = info == null ? 0 : info.length();
    for (int i = 0; i < length; i++) {
      char c = info.charAt(i);
      if (c >= '0' && c <= '9') {
        if (!inNumber && count == numbers.length) {
          break;
        }
        if (!inNumber) {
          count++;
        }
        numbers[count - 1] = numbers[count - 1] * 10 + c - '0';
        inNumber = true;
      } else {
        inNumber = false;
      }
    }
    return switch (count) {
      case 4 -> new Answer(numbers[0], numbers[2], (int) Math.max(warnings, numbers[3]), affected);
      case 3 -> new Answer(numbers[0], 0, (int) Math.max(warnings, numbers[2]), affected);
      default -> new Answer(-1, 0, warnings, affected);
    };
  }
}
