package io.millrace.api.option;

/** What a connector declares of the objects that stand in an option's value. */
public enum OptionContent {
  /** Nothing: values are hidden, and may decide where a secret goes. */
  UNDECLARED,
  /** Each key: {@link ConfigOption#contentKeys}. Any other is a secret. */
  DECLARED,
  /** Values are hidden, but decide nothing. */
  PRIVATE,
  /** Nothing in it is secret or decides where a secret goes. */
  OPEN
}
