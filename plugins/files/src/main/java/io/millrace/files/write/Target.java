package io.millrace.files.write;

/**
 * Where output goes.
 *
 * @param folder ends in {@code /}, or is empty for the top of a bucket
 * @param base what names in it begin with; may be empty
 */
public record Target(String folder, String base) {

  /** The hidden folder beside the output, in which instances keep what nobody else should see. */
  static final String HIDDEN = ".millrace/";

  /** What the names of all files of the target begin with. */
  String prefix() {
    return folder + base;
  }

  /** Where one instance keeps its control records and what it has staged. */
  String area(String instance, int generation) {
    return folder + HIDDEN + instance + "-" + generation + "/";
  }
}
