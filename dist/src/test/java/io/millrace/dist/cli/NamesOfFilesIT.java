package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.dist.Distribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged command line where no locale is set, as under cron and in services, or one that is
 * not installed, as over ssh from another machine.
 */
class NamesOfFilesIT {

  @TempDir private Path directory;

  private Distribution under(String locale) {
    Distribution distribution =
        new Distribution(directory).with("LC_ALL", "").with("LC_CTYPE", "").with("LANG", "");
    int sign = locale.indexOf('=');
    return distribution.with(locale.substring(0, sign), locale.substring(sign + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LANG=",
        "LANG=C",
        "LANG=xx_XX.UTF-8",
        "LC_ALL=xx_XX.UTF-8",
        "LC_CTYPE=xx_XX.UTF-8",
        "LC_ALL=POSIX",
        "LC_TIME=xx_XX.UTF-8"
      })
  void namesBeyondAsciiAreReadAndWrittenWithoutAnInstalledLocale(String locale) throws IOException {
    Distribution distribution = under(locale);
    if (locale.startsWith("LC_TIME")) {
      distribution.with("LANG", "C.UTF-8"); // one bad part has Java fall back in all
    }
    Files.writeString(directory.resolve("plain.csv"), "1,a\n2,b\n");
    copy("第一.yaml", "plain.csv", "出力", "中文");
    copy("zweiter-é.yaml", "出力/中*", "again", "é");

    for (String task : new String[] {"第一.yaml", "zweiter-é.yaml"}) {
      Ended ended = distribution.run("run", task);
      assertThat(ended.err()).isEmpty();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).contains("read 2R, written 2R");
    }
  }

  @Test
  void withoutTheCommandThatTellsTheLocaleNamesAreReadAllTheSame() throws IOException {
    Path programs = Files.createDirectory(directory.resolve("programs"));
    for (String folder : System.getenv("PATH").split(":")) {
      try (var files = Files.newDirectoryStream(Path.of(folder))) {
        for (Path file : files) {
          Path link = programs.resolve(file.getFileName().toString());
          if (!link.endsWith("locale") && !Files.exists(link)) {
            Files.createSymbolicLink(link, file);
          }
        }
      } catch (IOException e) {
        continue; // a folder that is not there
      }
    }
    Files.writeString(directory.resolve("plain.csv"), "1,a\n");
    copy("é.yaml", "plain.csv", "出力", "中文");
    Ended ended = under("LANG=xx_XX").with("PATH", programs.toString()).run("run", "é.yaml");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
  }

  @Test
  void anInstallationBelowANameBeyondAsciiStarts() throws Exception {
    Path home = directory.resolve("安装");
    Files.createDirectories(home.resolve("bin"));
    for (String folder : new String[] {"lib", "plugins", "conf"}) {
      Files.createSymbolicLink(home.resolve(folder), Distribution.home().resolve(folder));
    }
    Files.copy(Distribution.home().resolve("bin/millrace"), home.resolve("bin/millrace"));
    ProcessBuilder version =
        new ProcessBuilder(home.resolve("bin/millrace").toString(), "version")
            .redirectErrorStream(true);
    version.environment().putAll(Map.of("LC_ALL", "xx_XX.UTF-8", "MILLRACE_CACHE", directory + ""));
    Process process = version.start();
    assertThat(new String(process.getInputStream().readAllBytes())).startsWith("Millrace ");
    assertThat(process.waitFor()).isZero();
  }

  private void copy(String task, String from, String to, String name) throws IOException {
    Files.writeString(
        directory.resolve(task),
        """
        reader: {files: {path: "%s"}}
        writer: {files: {path: "%s", fileName: "%s", writeMode: truncate}}
        """
            .formatted(directory + "/" + from, directory + "/" + to, name));
  }
}
