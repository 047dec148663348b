package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The time of a store that is a server, which sessions can be given another time for. */
class StoreTimeIT {

  /** When clocks in New York are put back, an hour apart, and both show 01:30. */
  private static final List<Instant> FOLD =
      List.of(Instant.parse("2026-11-01T05:30:00Z"), Instant.parse("2026-11-01T06:30:00Z"));

  private static StoreSettings store(TestServer server, String more) throws Exception {
    return new StoreSettings(
        server.jdbcUrl(server.createDatabase("time")) + "?allowPublicKeyRetrieval=true" + more,
        server.user(),
        server.password());
  }

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void aNodeMayNotJoinAStoreWhoseClockIsAnother(Flavour flavour) throws Exception {
    TestServer server = TestServers.shared(flavour);
    StoreSettings other = store(server, "&sessionVariables=timestamp=1767225600");
    try (Database database = Database.open(other);
        StoreClock clock = new StoreClock(database, StoreClock.MOST_SKEW)) {
      assertThatThrownBy(clock::requireTolerable)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("the store's 2026-01-01T00:00:00");
    }
    try (Database database = Database.open(store(server, ""));
        StoreClock clock = new StoreClock(database, StoreClock.MOST_SKEW)) {
      clock.requireTolerable();
    }
  }

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void theTimeOfTheStoreGoesOnWhenItsZonesClocksArePutBack(Flavour flavour) throws Exception {
    TestServer server = TestServers.shared(flavour);
    StoreSettings settings = store(server, "");
    try (Database migrated = Database.open(settings)) {
      assertThat(migrated.dialect()).isEqualTo(Dialect.MYSQL);
    }
    try (Connection connection =
            DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        Statement statement = connection.createStatement()) {
      makeZone(statement);
      statement.execute("SET time_zone = 'Millrace/Fold'");
      for (Instant time : FOLD) {
        statement.execute("SET timestamp = " + time.getEpochSecond());
        try (var shown = statement.executeQuery("SELECT CAST(NOW() AS CHAR)")) {
          assertThat(shown.next()).isTrue();
          assertThat(shown.getString(1)).isEqualTo("2026-11-01 01:30:00");
        }
        try (var now = statement.executeQuery("SELECT " + Dialect.MYSQL.now())) {
          assertThat(now.next()).isTrue();
          assertThat(Instant.ofEpochMilli(now.getLong(1))).isEqualTo(time);
        }
      }
    }
  }

  /** As New York is that autumn; the servers of tests know no zones by name. */
  private static void makeZone(Statement statement) throws Exception {
    try (var known =
        statement.executeQuery("SELECT 1 FROM mysql.time_zone_name WHERE Name = 'Millrace/Fold'")) {
      if (known.next()) {
        return;
      }
    }
    statement.execute("INSERT INTO mysql.time_zone (Use_leap_seconds) VALUES ('N')");
    long id;
    try (var made = statement.executeQuery("SELECT MAX(Time_zone_id) FROM mysql.time_zone")) {
      made.next();
      id = made.getLong(1);
    }
    for (String row :
        List.of(
            "time_zone_name (Time_zone_id, Name) VALUES (%d, 'Millrace/Fold')",
            "time_zone_transition_type VALUES (%d, 0, -14400, 1, 'EDT')",
            "time_zone_transition_type VALUES (%d, 1, -18000, 0, 'EST')",
            "time_zone_transition VALUES (%d, 1772953200, 0)",
            "time_zone_transition VALUES (%d, 1793512800, 1)")) {
      statement.execute("INSERT INTO mysql." + String.format(row, id));
    }
  }
}
