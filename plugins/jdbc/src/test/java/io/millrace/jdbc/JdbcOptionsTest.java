package io.millrace.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JdbcOptionsTest {

  private static final List<ConfigOption<?>> DECLARED =
      List.of(
          JdbcOptions.JDBC_URL,
          JdbcOptions.HOST,
          JdbcOptions.PORT,
          JdbcOptions.DATABASE,
          JdbcOptions.USERNAME,
          JdbcOptions.PASSWORD,
          JdbcOptions.CONNECTION,
          JdbcOptions.TABLE,
          JdbcOptions.QUERY_SQL);

  private static List<JdbcSource> sources(Map<String, Object> raw) {
    return JdbcOptions.sources(
        Options.check(DECLARED, raw).options(),
        (host, port, database) -> host + ":" + port.orElse(1) + "/" + database);
  }

  @Test
  void hostAndDatabaseMakeAUrl() {
    JdbcSource source =
        sources(Map.of("host", "h", "database", "d", "username", "u", "table", "t")).get(0);
    assertThat(source.endpoint().urls()).containsExactly("h:1/d");
    assertThat(source.tables()).containsExactly("t");
  }

  @Test
  void theFormOfDataXIsUnderstood() {
    List<JdbcSource> sources =
        sources(
            Map.of(
                "username",
                "u",
                "password",
                "p",
                "connection",
                List.of(
                    Map.of("jdbcUrl", List.of("a", "b"), "table", List.of("t")),
                    Map.of("jdbcUrl", "c", "querySql", "SELECT 1", "password", "other"))));
    assertThat(sources.get(0).endpoint().urls()).containsExactly("a", "b");
    assertThat(sources.get(0).endpoint().password()).isEqualTo("p");
    assertThat(sources.get(1).querySql()).containsExactly("SELECT 1");
    assertThat(sources.get(1).endpoint().password()).isEqualTo("other");
  }

  @Test
  void anElementMayNameItsHost() {
    List<JdbcSource> sources =
        sources(
            Map.of(
                "connection",
                List.of(
                    Map.of("host", "h", "port", 7, "database", "d", "table", "t"),
                    Map.of("host", "i", "schema", "e", "table", "t"))));
    assertThat(sources)
        .extracting(source -> source.endpoint().urls())
        .isEqualTo(
            List.of(
                sources(Map.of("host", "h", "port", 7, "database", "d")).get(0).endpoint().urls(),
                sources(Map.of("host", "i", "database", "e")).get(0).endpoint().urls()));
    assertThatThrownBy(
            () -> sources(Map.of("connection", List.of(Map.of("host", "h", "port", "x")))))
        .hasMessageContaining("element 1: port must be 1 to 65535");
  }

  @Test
  void withoutADatabaseNothingCanBeRead() {
    assertThatThrownBy(() -> sources(Map.of("table", "t"))).hasMessageContaining("no database");
    assertThatThrownBy(() -> sources(Map.of("connection", List.of(Map.of("table", "t")))))
        .hasMessageContaining("no jdbcUrl");
    assertThatThrownBy(() -> sources(Map.of("connection", List.of("x"))))
        .hasMessageContaining("element 1");
  }

  @Test
  void aPasswordIsNotShown() {
    assertThat(new JdbcEndpoint(List.of("u"), "me", "hidden").toString()).doesNotContain("hidden");
  }

  /** Whatever is in a secret option is masked wherever it stands, tables' names as well. */
  @Test
  void theTablesOfDataXsFormMayStandInALog() {
    assertThat(JdbcOptions.CONNECTION.secret()).isFalse();
    assertThat(JdbcOptions.PASSWORD.secret()).isTrue();
  }
}
