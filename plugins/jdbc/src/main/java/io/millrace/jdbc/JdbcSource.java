package io.millrace.jdbc;

import java.util.List;

/**
 * One database of a task and what of it is meant: DataX calls it an element of {@code connection}.
 *
 * @param endpoint where it is
 * @param tables names or name patterns as the user wrote them
 * @param querySql statements that take the place of tables
 */
public record JdbcSource(JdbcEndpoint endpoint, List<String> tables, List<String> querySql) {

  public JdbcSource {
    tables = List.copyOf(tables);
    querySql = List.copyOf(querySql);
  }
}
