package io.millrace.mysql.type;

import io.millrace.jdbc.Identifiers;

/** A table or view within its database. */
public record TableName(String database, String name) {

  /** Both names in backticks, for SQL. */
  public String quoted() {
    return Identifiers.BACKTICK.quote(database, name);
  }

  @Override
  public String toString() {
    return database + "." + name;
  }
}
