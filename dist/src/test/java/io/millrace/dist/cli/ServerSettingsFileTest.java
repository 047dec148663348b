package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.dist.server.ServerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsFileTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>(Map.of("XDG_DATA_HOME", "/share"));

  private ServerPlan read(String text) throws IOException {
    Files.writeString(directory.resolve("millrace.yaml"), text);
    return ServerSettingsFile.read(directory, BERLIN, environment::get, null);
  }

  @Test
  void whatIsNotSaidIsAsTheShippedFileSays() throws IOException {
    ServerPlan usual =
        new ServerPlan(
            "127.0.0.1",
            7575,
            Set.of(),
            null,
            false,
            16,
            Path.of("/share/millrace"),
            Duration.ofSeconds(30),
            null,
            BERLIN,
            LocalTime.of(23, 30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            Path.of("/share/millrace/runs"),
            Duration.ofDays(30),
            null,
            new ServerPlan.Files(
                List.of(Path.of("/share/millrace/files")),
                List.of(directory),
                directory.resolve("millrace.yaml")));
    assertThat(read("")).isEqualTo(usual);

    String every = ShippedSettings.defaults();
    assertThat(every)
        .contains("\nscheduler.nightly: 23:30\n")
        .contains("\nalerts.header: ")
        .doesNotContain("  # example");
    assertThat(read(every)).as("the defaults that it shows").isEqualTo(usual);
  }

  @Test
  void everyLineOfTheShippedFileMayBeTaken() throws IOException {
    environment.put("MILLRACE_STORE_PASSWORD", "secret");
    environment.put("MILLRACE_WEBHOOK", "https://alerts.example.org/millrace");
    Path secret = Files.writeString(directory.resolve("webhook-secret"), "Bearer x");
    String every =
        ShippedSettings.every().replace("/etc/millrace/webhook-secret", secret.toString());

    ServerPlan plan = read(every);

    assertThat(plan.store())
        .isEqualTo(
            new ServerPlan.Store("jdbc:mysql://db.example.org/millrace", "millrace", "secret"));
    assertThat(plan.files().roots()).containsExactly(Path.of("/data/in"), Path.of("/data/out"));
    assertThat(plan.zone()).isEqualTo(BERLIN);
  }

  @Test
  void sectionsMayBeWrittenAsSections() throws IOException {
    ServerPlan plan =
        read("server:\n  port: 0\n  hosts: A.example, b\nscheduler:\n  nightly: 22:15\n");
    assertThat(plan.port()).isZero();
    assertThat(plan.hosts()).containsExactlyInAnyOrder("a.example", "b");
    assertThat(plan.nightly()).isEqualTo(LocalTime.of(22, 15));
  }

  @Test
  void theCommandLinesDirectoryCountsAndRunsGoWithIt() throws IOException {
    Files.writeString(directory.resolve("millrace.yaml"), "server.data: /there\n");
    ServerPlan plan =
        ServerSettingsFile.read(directory, BERLIN, environment::get, Path.of("/here"));
    assertThat(plan.data()).isEqualTo(Path.of("/here"));
    assertThat(plan.runs()).isEqualTo(Path.of("/here/runs"));
  }

  @Test
  void theStoresPasswordComesFromTheFileTheEnvironmentOrAnotherFile() throws IOException {
    String account = "store.url: jdbc:mysql://db/m\nstore.user: u\n";
    environment.put("STORE_PASSWORD", "from env");
    Files.writeString(directory.resolve("password"), "from file\n");
    assertThat(password(account + "store.password: itself\n")).isEqualTo("itself");
    assertThat(password(account + "store.password: {env: STORE_PASSWORD}\n")).isEqualTo("from env");
    assertThat(password(account + "store.password.file: password\n")).isEqualTo("from file");
    assertThat(read(account + "store.password: itself\n").toString()).doesNotContain("itself");
  }

  @Test
  void anAddressForOtherNodesIsAHostWithAPortOrAUrlOfNothingMore() throws IOException {
    assertThat(read("server.advertise: 10.0.0.3:7575").advertise())
        .isEqualTo("http://10.0.0.3:7575");
    assertThat(read("server.advertise: https://a.example.org/").advertise())
        .isEqualTo("https://a.example.org");
    assertThat(read("server.advertise: '[::1]:80'").advertise()).isEqualTo("http://[::1]:80");
    for (String bad :
        new String[] {"ftp://x", "a/b", "http://u:p@x", "x?y", "'http://'", "a b", "file:///etc"}) {
      wrong("server.advertise: " + bad, "server.advertise must be as 10.0.0.3:7575");
    }
  }

  @Test
  void theWebhookAndWhatProvesTheSenderAreNeverPrinted() throws IOException {
    environment.put("HOOK", "https://hooks.example.org/services/sesame");
    ServerPlan plan = read("alerts:\n  webhook.env: HOOK\n  headerValue: Bearer sesame\n");
    assertThat(plan.webhook()).isNotNull();
    assertThat(plan.webhook().url().getPath()).isEqualTo("/services/sesame");
    assertThat(plan.webhook().header()).isEqualTo("Authorization");
    assertThat(plan.webhook().value()).isEqualTo("Bearer sesame");
    assertThat(plan.toString()).contains("hooks.example.org").doesNotContain("sesame");
    environment.put("HOOK", "ftp://sesame/");
    assertThatThrownBy(() -> read("alerts.webhook.env: HOOK"))
        .hasMessageContaining("alerts.webhook must be a URL of http or https")
        .hasMessageNotContaining("sesame");
    wrong("alerts.headerValue: x", "alerts.webhook is missing");
    wrong("alerts.webhook: http://x\nalerts.header: 'a b'", "must be the name of a header");
  }

  private String password(String text) throws IOException {
    ServerPlan.Store store = read(text).store();
    assertThat(store).isNotNull();
    return store.password();
  }

  @Test
  void whatIsWrongIsNamedInOneLine() {
    wrong("server.prot: 1", "unknown key 'server.prot'; did you mean 'server.port'?");
    wrong("server: {prot: 1}", "unknown key 'server.prot'");
    wrong("server.port: x", "server.port must be a whole number");
    wrong("server.port: 70000", "server.port must be from 0 to 65535");
    wrong("server.behindTlsProxy: yes", "must be true or false");
    wrong("server.streamsPerAccount: 65", "server.streamsPerAccount must be from 1 to 64");
    wrong("files.roots: /data, in", "files.roots must name folders from the root on, found 'in'");
    wrong("scheduler.zone: Nowhere/Else", "there is no zone");
    wrong("scheduler.nightly: late", "must be a time such as 23:30");
    wrong("store.user: u", "store.url is missing");
    wrong("store.password: {env: NOT_SET}", "NOT_SET, which is not set");
    wrong("store.password: {file: gone}", "gone, which cannot be read");
    wrong("store.password: a\nstore.password.env: b", "more than one way");
  }

  private void wrong(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("millrace.yaml")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
