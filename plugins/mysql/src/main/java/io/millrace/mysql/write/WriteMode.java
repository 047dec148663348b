package io.millrace.mysql.write;

/** What becomes of a record whose key is there already. */
public enum WriteMode {
  /** It is dirty. */
  INSERT("INSERT INTO "),
  /** It is skipped. */
  INSERT_IGNORE("INSERT INTO "),
  /** The row that is there gets the new values. */
  UPDATE("INSERT INTO "),
  /** The row that is there is deleted first. */
  REPLACE("REPLACE INTO ");

  private final String verb;

  WriteMode(String verb) {
    this.verb = verb;
  }

  /** The beginning of the statement. */
  String verb() {
    return verb;
  }
}
