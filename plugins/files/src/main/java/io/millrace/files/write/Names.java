package io.millrace.files.write;

/** What the files of a target are called. Stateless. */
final class Names {

  static final String SUCCESS = "_SUCCESS";

  private Names() {}

  /**
   * The name of a split's file: the same in every try, and of no other instance.
   *
   * @param folders of its partition, or empty
   * @param splitId the split, or what its parts are put together to
   * @param number 0 for the first file of the split
   */
  static String of(
      WriteOptions options, Prepared prepared, String folders, String splitId, int number) {
    Target target = options.target();
    return target.folder()
        + folders
        + beginning(target, prepared)
        + splitId
        + (number == 0 ? "" : "_" + number)
        + options.suffix();
  }

  /** What the names of all files of an instance begin with, behind their folders. */
  static String beginning(Target target, Prepared prepared) {
    return target.base() + (target.base().isEmpty() ? "" : "__") + prepared.tag() + "_";
  }

  /** The folder of the parts of what becomes one file. */
  static String parts(String area) {
    return area + "parts/";
  }
}
