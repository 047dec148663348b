package io.millrace.testkit.server;

/** The kinds of servers that speak MySQL's protocol. */
public enum Flavour {
  MYSQL("MySQL"),
  MARIADB("MariaDB");

  private final String title;

  Flavour(String title) {
    this.title = title;
  }

  /** The name for people. */
  public String title() {
    return title;
  }
}
