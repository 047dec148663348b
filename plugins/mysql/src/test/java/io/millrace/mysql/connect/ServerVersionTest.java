package io.millrace.mysql.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServerVersionTest {

  @Test
  void mySqlAndMariaDbAreToldApart() {
    ServerVersion mysql = ServerVersion.parse("8.0.33-25");
    assertThat(mysql.isMySqlFrom(8, 0, 19)).isTrue();
    assertThat(mysql.isMySqlFrom(8, 1, 0)).isFalse();
    assertThat(mysql.isMariaDbFrom(5, 5, 0)).isFalse();
    ServerVersion mariaDb = ServerVersion.parse("10.11.6-MariaDB-0+deb12u1-log");
    assertThat(mariaDb.isMariaDbFrom(10, 11, 6)).isTrue();
    assertThat(mariaDb.isMySqlFrom(8, 0, 0)).isFalse();
  }

  @Test
  void theHandshakesFormIsUnderstood() {
    assertThat(ServerVersion.parse("5.5.5-10.6.1-MariaDB").isMariaDbFrom(10, 6, 1)).isTrue();
    assertThat(ServerVersion.parse("strange")).extracting(ServerVersion::major).isEqualTo(0);
  }
}
