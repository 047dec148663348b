package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which roots a server takes. */
class ServerFilesTest {

  @TempDir private Path top;
  private Path data;
  private Path runs;

  @BeforeEach
  void makeFolders() throws IOException {
    top = top.toRealPath();
    data = Files.createDirectories(top.resolve("var/data"));
    runs = Files.createDirectories(top.resolve("var/runs"));
    Files.createDirectories(top.resolve("install/plugins"));
    Files.writeString(Files.createDirectories(top.resolve("secrets")).resolve("password"), "x");
  }

  private LocalFiles files(Path... roots) {
    return ServerFiles.of(
        new ServerPlan(
            "127.0.0.1",
            0,
            Set.of(),
            null,
            false,
            16,
            data,
            Duration.ZERO,
            null,
            ZoneOffset.UTC,
            LocalTime.NOON,
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            runs,
            Duration.ofDays(1),
            null,
            new ServerPlan.Files(
                List.of(roots),
                List.of(top.resolve("install/plugins"), top.resolve("secrets/password")),
                Path.of("conf/millrace.yaml"))));
  }

  private void assertRefused(Path root, String says) {
    assertThatThrownBy(() -> files(root))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("conf/millrace.yaml: files.roots: " + root + " " + says)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theFolderInTheDataIsMadeAndNothingBesideItIsInReach() {
    LocalFiles files = files(data.resolve("files"));
    assertThat(data.resolve("files")).isDirectory();
    assertThat(files.allowed(data.resolve("files/a"))).isEqualTo(data.resolve("files/a"));
    for (String name : List.of("", "node", "data-sources.key", "files/../node")) {
      assertThatThrownBy(() -> files.allowed(data.resolve(name)))
          .isInstanceOf(MillraceException.class);
    }
  }

  @Test
  void aRootThatHoldsWhatIsTheServersOrLiesInItIsRefused() throws IOException {
    Files.createDirectories(data.resolve("other"));
    Files.createDirectories(data.resolve("files"));
    Files.createDirectories(runs.resolve("1"));
    assertRefused(Path.of("/"), "holds ");
    assertRefused(top, "holds ");
    assertRefused(top.resolve("var"), "holds " + data);
    assertRefused(data, "holds " + data);
    assertRefused(data.resolve("other"), "lies in " + data);
    assertRefused(data.resolve("files/.."), "holds " + data);
    assertRefused(runs, "holds " + runs);
    assertRefused(runs.resolve("1"), "lies in " + runs);
    assertRefused(top.resolve("install"), "holds " + top.resolve("install/plugins"));
    assertRefused(top.resolve("secrets"), "holds " + top.resolve("secrets/password"));
    assertRefused(Path.of("/proc/self/fd"), "lies in /proc");
  }

  @Test
  void aLinkToWhatIsTheServersIsNoWayRoundThat() throws IOException {
    Path link = Files.createSymbolicLink(top.resolve("link"), top.resolve("var"));
    assertRefused(link, "holds " + data);
    assertRefused(link.resolve("runs"), "holds " + runs);
    Files.createSymbolicLink(data.resolve("files"), data);
    assertRefused(data.resolve("files"), "holds " + data);
  }

  @Test
  void runsInTheFreeFolderAreStillTheServers() throws IOException {
    runs = Files.createDirectories(data.resolve("files/runs"));
    assertRefused(data.resolve("files"), "holds " + runs);
  }

  @Test
  void aRootThatIsNotThereIsToldAtStart() {
    assertRefused(top.resolve("in"), "is no folder: make it, or take it out");
  }

  @Test
  void otherFoldersAreTaken() throws IOException {
    Path in = Files.createDirectories(top.resolve("in"));
    Path team = Files.createDirectories(data.resolve("files/team"));
    LocalFiles files = files(in, team);
    assertThat(files.allowed(in.resolve("a"))).isEqualTo(in.resolve("a"));
    assertThat(files.allowed(team.resolve("a"))).isEqualTo(team.resolve("a"));
    assertThatThrownBy(() -> files.allowed(data.resolve("files/a")))
        .hasMessageContaining("outside of files.roots (" + in + ", " + team + ")");
  }
}
