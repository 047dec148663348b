package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that another version of the program has used. */
class StoreUpgradeTest {

  @TempDir private Path directory;

  private String url() {
    return StoreSettings.file(directory).url() + ";MODE=MySQL";
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static List<String> texts(Database database, String sql) {
    return database.with(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  /** Makes the store as a version did whose last migration this was. */
  private void usedByVersion(int last) {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(url(), "", "")
        .locations("classpath:db/migration")
        .javaMigrations(new V2__QuartzTables(Dialect.H2))
        .placeholders(Dialect.H2.words())
        .table("schema_history")
        .target(Integer.toString(last))
        .load()
        .migrate();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void whatAnOlderVersionKeptIsThereAfterwards(int last) throws SQLException {
    usedByVersion(last);
    sql(
        "INSERT INTO installation (id) VALUES ('of-before')",
        "INSERT INTO workflow (name, owner, description) VALUES ('w', 'o', 'd')");
    if (last >= 3) {
      sql(
          "INSERT INTO data_source (name, type, description, owner, options, revision, changed_at)"
              + " VALUES ('s', 'mysql', '', 'o', '{}', 1, 1)");
    }
    try (Database now = Database.open(StoreSettings.file(directory))) {
      assertThat(texts(now, "SELECT id FROM installation")).containsExactly("of-before");
      assertThat(texts(now, "SELECT name FROM workflow")).containsExactly("w");
      assertThat(texts(now, "SELECT name FROM data_source"))
          .isEqualTo(last >= 3 ? List.of("s") : List.of());
    }
  }

  @Test
  void aStoreThatANewerVersionHasUsedIsRefused() throws SQLException {
    StoreSettings settings = StoreSettings.file(directory);
    Database.open(settings).close();
    sql(
        "INSERT INTO \"schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\","
            + " \"script\", \"checksum\", \"installed_by\", \"execution_time\", \"success\")"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, TRUE)");
    assertThatThrownBy(() -> Database.open(settings).close())
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("perhaps because a newer one has used it")
        .hasMessageContaining("99")
        .hasMessageNotContaining("\n");
  }
}
