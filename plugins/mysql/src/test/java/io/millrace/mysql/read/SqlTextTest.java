package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id > 1 AND (a OR b)",
        "name = ')'",
        "name = 'it''s ;'",
        "name = 'a\\'); DROP'",
        "`odd;)` = 1",
        "a = 1 -- )",
        "a = 1 # ;",
        "a /* ) ; */ = 1",
        "a = 1--1"
      })
  void whatStaysInItsPlaceIsAccepted(String sql) {
    assertThat(SqlText.problem(sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1) OR (1", "(1", "1; DROP TABLE t", "'open", "`open", "/* open", "a = 'x\\'"})
  void whatReachesOutOfItsPlaceIsNot(String sql) {
    assertThat(SqlText.problem(sql)).isNotEmpty();
  }

  @Test
  void queriesAreToldFromOtherStatements() {
    assertThat(SqlText.isQuery(" /* x */ -- y\n (SELECT 1)")).isTrue();
    assertThat(SqlText.isQuery("with a as (select 1) select * from a")).isTrue();
    assertThat(SqlText.isQuery("SHOW TABLES")).isFalse();
    assertThat(SqlText.withoutEnd(" SELECT 1 ;\n; ")).isEqualTo("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a = 1;", " a = 1 ; ;\n", "a = 1; -- done", "a = 1;# done", "a = 1; /* done; */"})
  void aSemicolonAtTheEndIsLeftOutWithWhatSaysNothingBehindIt(String sql) {
    assertThat(SqlText.withoutEnd(sql)).isEqualTo("a = 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = ';'",
        "a = 1 -- ;",
        "a = 1 /* ; */",
        "a = `;`",
        "a = 1; DELETE FROM t",
        "a = 1; /*! or 1 = 1 */",
        "a = 1;;b;-",
        "a = ';"
      })
  void aSemicolonThatEndsNothingStays(String sql) {
    assertThat(SqlText.withoutEnd(sql)).isEqualTo(sql);
  }

  @Test
  void severalStatementsAreToldApart() {
    assertThat(
            SqlText.statements("DELETE FROM a WHERE n = ';'; -- one\n\nINSERT INTO b\nSELECT 1;;"))
        .isEqualTo(List.of("DELETE FROM a WHERE n = ';'", "-- one\n\nINSERT INTO b\nSELECT 1"));
    assertThat(SqlText.statements("SELECT 1")).isEqualTo(List.of("SELECT 1"));
    assertThat(SqlText.statements("CREATE TABLE event (a INT); SELECT 1")).hasSize(2);
    assertThat(SqlText.statements(" ; -- nothing\n; /* x */ ")).isEmpty();
    assertThat(SqlText.statements("SELECT 'open; SELECT 1")).hasSize(1);
    assertThat(SqlText.statements("SELECT 'a\\'b'; SELECT 1")).hasSize(1);
    assertThat(SqlText.statements("SELECT 'a\\nb'; SELECT 1")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END",
        "create or replace definer=`a`@`b` procedure p() begin select 1; end",
        "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END"
      })
  void aBodyIsNotCut(String sql) {
    assertThat(SqlText.statements(sql)).isEqualTo(List.of(sql));
    assertThat(SqlText.statements("DELETE FROM t; " + sql))
        .isEqualTo(List.of("DELETE FROM t", sql));
  }

  @Test
  void namesAreTakenApartAtOneDotOutsideOfBackticks() {
    assertThat(SqlNames.parts("t")).isEqualTo(List.of("t"));
    assertThat(SqlNames.parts("d.t")).isEqualTo(List.of("d", "t"));
    assertThat(SqlNames.parts("`d.x`.`t.y`")).isEqualTo(List.of("d.x", "t.y"));
    assertThat(SqlNames.parts("`a.b`")).isEqualTo(List.of("a.b"));
    assertThat(SqlNames.parts("a.b.c")).isEqualTo(List.of("a.b.c"));
    assertThat(SqlNames.parts("a.")).isEqualTo(List.of("a."));
  }
}
