package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.mysql.type.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UserSqlTest {

  private static UserSql sql(String mode) {
    return new UserSql(new TableName("db", "t"), "db", mode, false);
  }

  @Test
  void namesAreFoundWithTheirDatabaseAndTheWordBefore() {
    assertThat(
            sql("")
                .names(
                    "INSERT INTO `log` SELECT 'x' FROM db2 . t /* no */ JOIN u -- no\n"
                        + " ON 1 /*! UPDATE v */"))
        .containsExactly(
            new UserSql.Named("", "INSERT", ""),
            new UserSql.Named("", "INTO", "INSERT"),
            new UserSql.Named("", "log", "INTO"),
            new UserSql.Named("", "SELECT", ""),
            new UserSql.Named("", "FROM", ""),
            new UserSql.Named("db2", "t", "FROM"),
            new UserSql.Named("", "JOIN", ""),
            new UserSql.Named("", "u", "JOIN"),
            new UserSql.Named("", "ON", "u"),
            new UserSql.Named("", "1", "ON"),
            new UserSql.Named("", "UPDATE", ""),
            new UserSql.Named("", "v", "UPDATE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "DELETE FROM t | DELETE FROM S",
        "delete from `t` where t.id=1 | delete from S where S.id=1",
        "TRUNCATE db.t | TRUNCATE S",
        "DELETE FROM `db` . `t` | DELETE FROM S",
        "DELETE FROM @table WHERE @tables = 1 | DELETE FROM S WHERE @tables = 1",
        "DELETE FROM other.t | DELETE FROM other.t",
        "SELECT db.t.id FROM db.t | SELECT S.id FROM S",
        "DELETE FROM t2 WHERE x.t = 't' | DELETE FROM t2 WHERE x.t = 't'",
        "DELETE FROM t WHERE n = 'it''s t \\' t' | DELETE FROM S WHERE n = 'it''s t \\' t'",
        "DELETE FROM t -- not t | DELETE FROM S -- not t",
        "DELETE /* t */ FROM t # t | DELETE /* t */ FROM S # t",
        "DELETE FROM T | DELETE FROM T",
        "SELECT \"t\" FROM t | SELECT \"t\" FROM S",
        "SELECT 5--t | SELECT 5--S",
      })
  void replacesTheTargetsNameAndNothingElse(String given, String expected) {
    assertThat(sql("").redirected(given, "S")).isEqualTo(expected);
  }

  @Test
  void followsTheSessionsModeAndTheServersCase() {
    assertThat(sql("ANSI_QUOTES").redirected("DELETE FROM \"t\"", "S")).isEqualTo("DELETE FROM S");
    assertThat(sql("NO_BACKSLASH_ESCAPES").redirected("SELECT '\\' FROM t", "S"))
        .isEqualTo("SELECT '\\' FROM S");
    UserSql ignoring = new UserSql(new TableName("db", "t"), "elsewhere", "", true);
    assertThat(ignoring.redirected("DELETE FROM T, DB.T", "S")).isEqualTo("DELETE FROM T, S");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CALL fill()",
        "USE other",
        "PREPARE p FROM 'DELETE FROM t'",
        "DELETE FROM t WHERE a = 'open",
        "DELETE FROM /*!50000 t */",
        "DELETE FROM t /* open"
      })
  void refusesWhatItCannotUnderstandForCertain(String given) {
    assertThatThrownBy(() -> sql("").redirected(given, "S"))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("publish: direct");
  }

  @Test
  void namesTheTargetWhereAPlaceholderStands() {
    assertThat(sql("").named("DELETE FROM @table WHERE a = '@table'"))
        .isEqualTo("DELETE FROM `db`.`t` WHERE a = '@table'");
  }
}
