package io.millrace.files.write;

/** What the files of a target are called. Stateless. */
final class Names {

  static final String SUCCESS = "_SUCCESS";

  private Names() {}

  /**
   * The name of a split's file: the same in every try, and of no other instance.
   *
   * @param number 0 for the first file of the split
   */
  static String of(WriteOptions options, Prepared prepared, String splitId, int number) {
    Target target = options.target();
    return target.prefix()
        + (target.base().isEmpty() ? "" : "__")
        + prepared.tag()
        + "_"
        + splitId
        + (number == 0 ? "" : "_" + number)
        + options.suffix();
  }

  /** The last part of a name. */
  static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
