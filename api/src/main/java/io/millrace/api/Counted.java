package io.millrace.api;

/** Numbers with what they count, as messages say them. Stateless. */
public final class Counted {

  private Counted() {}

  /**
   * A number and its words, such as {@code 1 file is} and {@code 2 files are}.
   *
   * @param one the words for 1
   * @param others the words for every other number, 0 included
   */
  public static String of(long number, String one, String others) {
    return number + " " + (number == 1 ? one : others);
  }
}
