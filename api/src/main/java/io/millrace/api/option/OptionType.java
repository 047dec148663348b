package io.millrace.api.option;

/** The form of an option's value, as a task file and a console form show it. */
public enum OptionType {
  STRING,
  /** A whole number; suffixes are not accepted. */
  INTEGER,
  BOOLEAN,
  /** One of a fixed set of words, in any case. */
  CHOICE,
  /** A list of texts; a single text counts as a list of one. */
  STRING_LIST,
  /**
   * Any JSON value, which the connector interprets itself: a Map, List, String, Number, Boolean.
   */
  JSON
}
