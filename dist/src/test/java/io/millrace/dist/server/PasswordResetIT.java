package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A forgotten password with the store in a file, as it is by default. */
@Timeout(120)
class PasswordResetIT {

  private static final String SETTINGS = "server.port: 0";

  @TempDir private Path directory;

  private Distribution.Ended reset(String user) throws Exception {
    return LiveServer.distribution(directory, SETTINGS).run("server", "--reset-password", user);
  }

  @Test
  void aPasswordIsResetWhileTheServerIsStoppedAndTheAuditSaysByWhom() throws Exception {
    assertThat(reset("admin").errors())
        .singleElement()
        .asString()
        .contains("there is no store in " + directory.resolve("data"));
    try (LiveServer server = LiveServer.start(directory, SETTINGS)) {
      server.json("POST", "/tokens", Map.of("name", "ci", "role", "VIEWER", "days", 1));
      Distribution.Ended refused = reset("admin");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.errors())
          .singleElement()
          .asString()
          .contains("another millrace server uses the data directory", "stop it first");
      assertThat(server.get("/session").statusCode()).isEqualTo(200);
      assertThat(server.stop().exitCode()).isZero();
    }
    assertThat(reset("nobody").errors())
        .singleElement()
        .asString()
        .contains("there is no user 'nobody'");
    Distribution.Ended done = reset("Admin");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out()).contains("sessions are ended and the API tokens revoked");
    String password = done.out().lines().skip(1).findFirst().orElseThrow().strip();

    try (LiveServer server = LiveServer.startAs(directory, SETTINGS, password)) {
      assertThat(server.json("GET", "/tokens", null)).isEmpty();
      assertThat(server.json("GET", "/audit?action=user.password.reset", null).toString())
          .contains("\"who\":\"console\"", "1 API tokens revoked")
          .doesNotContain(password);
    }
  }
}
