package io.millrace.dist.acceptance;

/** Rows made by the server itself, which is faster than sending them. */
final class Numbers {

  private static final String DIGITS =
      "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
          + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL"
          + " SELECT 9)";

  private Numbers() {}

  /** Makes a table {@code numbers} whose column {@code n} counts from 0 to below {@code count}. */
  static String create(int count) {
    StringBuilder sum = new StringBuilder();
    StringBuilder from = new StringBuilder();
    int digit = 0;
    for (long unit = 1; unit < count; unit *= 10) {
      sum.append(digit == 0 ? "" : " + ").append(unit).append(" * t").append(digit).append(".d");
      from.append(digit == 0 ? "" : ", ").append(DIGITS).append(" t").append(digit);
      digit++;
    }
    return "CREATE TABLE numbers AS SELECT n FROM (SELECT "
        + sum
        + " AS n FROM "
        + from
        + ") counted WHERE n < "
        + count;
  }
}
