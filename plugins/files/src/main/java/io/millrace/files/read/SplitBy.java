package io.millrace.files.read;

/** The rule by which files become splits. */
public enum SplitBy {
  /** A file is read by one channel. */
  FILE,
  /** Large files are cut into pieces that are read at once. */
  VOLUME
}
