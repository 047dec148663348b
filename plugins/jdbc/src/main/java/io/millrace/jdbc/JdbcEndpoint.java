package io.millrace.jdbc;

import java.util.List;

/**
 * Where a database is and who logs in.
 *
 * @param urls JDBC URLs that lead to the same data, in the order they are to be tried; at least one
 * @param username the account, or empty for the driver's own default
 * @param password never shown
 */
public record JdbcEndpoint(List<String> urls, String username, String password) {

  public JdbcEndpoint {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("an endpoint needs a URL");
    }
  }

  @Override
  public String toString() {
    return urls + (username.isEmpty() ? "" : " as " + username);
  }
}
