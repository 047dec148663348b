package io.millrace.mysql.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MySqlErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "1054, 42S22",
    "1064, 42000",
    "1146, 42S02",
    "1153, 08S01",
    "1242, 21000",
    "1267, HY000",
    "1305, 42000",
    "1329, 02000",
    "1356, HY000",
    "1411, HY000",
    "1424, HY000",
    "1644, 45000",
    "1690, 22003",
    "1222, 21000",
    "1582, 42000",
    "3636, HY000",
    "3685, HY000"
  })
  void whatCannotGoAwayIsNotTriedAgain(int number, String state) {
    SQLException error = new SQLException("no", state, number);
    assertThat(MySqlErrors.isPassing(error)).isFalse();
    for (MySqlErrors.Doing doing : MySqlErrors.Doing.values()) {
      assertThat(MySqlErrors.translate(error, doing, "t").isRetryable()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1040, 08004",
    "1205, HY000",
    "1213, 40001",
    "1290, HY000",
    "1317, 70100",
    "1836, HY000",
    "2013, HY000",
    "0, 08S01",
    "1105, HY000"
  })
  void whatMayPassIsTriedAgain(int number, String state) {
    assertThat(MySqlErrors.isPassing(new SQLException("no", state, number))).isTrue();
  }

  @Test
  void aStatementThatIsTooLargeForTheServerStaysSo() {
    SQLException error =
        new SQLException("Packet for query is too large (9 > 8). You can change", "S1000", 0);
    assertThat(MySqlErrors.isPassing(error)).isFalse();
    assertThat(message(error)).contains("raise max_allowed_packet");
  }

  @ParameterizedTest
  @CsvSource({
    "1226, 'User has exceeded the max_user_connections resource', fewer channels",
    "1203, 'User already has more than max_user_connections', max_user_connections",
    "1290, 'The MySQL server is running with the --read-only option', takes no writes",
    "1290, 'The MariaDB server is running with the --read-only=ON option', name the one that does",
    "1836, 'Running in read-only mode', takes no writes",
    "1242, 'Subquery returns more than 1 row', one row at most"
  })
  void theCureIsNamed(int number, String text, String cure) {
    assertThat(message(new SQLException(text, "HY000", number))).contains(cure);
  }

  @Test
  void anotherOptionOfTheServerIsNotTakenForReadOnly() {
    SQLException error =
        new SQLException(
            "The MySQL server is running with the --secure-file-priv option", "HY000", 1290);
    assertThat(message(error)).doesNotContain("takes no writes");
  }

  private static String message(SQLException error) {
    MillraceException translated = MySqlErrors.translate(error, MySqlErrors.Doing.WRITING, "t");
    return Sensitive.plain(String.valueOf(translated.getMessage()));
  }
}
