package io.millrace.mysql.write;

/** When written records become visible. */
public enum PublishMode {
  /** With the commit of their split. */
  DIRECT,
  /** All at once in the end, in place of what the table held. */
  SWAP,
  /** All at once in the end, beside what the table holds. */
  APPEND
}
