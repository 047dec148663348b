package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace demo}, as somebody runs it who sees Millrace for the first time. */
@Timeout(180)
class DemoIT {

  private static final Pattern SERVER = Pattern.compile("It listens on (http://[0-9.:]+);");
  private static final String ASKS = "The servers run until you press Ctrl-C.";

  @TempDir private Path directory;
  private Distribution millrace;
  private Distribution.Running demo;

  @BeforeEach
  void start() {
    millrace = new Distribution(directory).with("XDG_CONFIG_HOME", directory.resolve("mine") + "");
  }

  @AfterEach
  void end() throws InterruptedException {
    demo.process().destroyForcibly().waitFor();
  }

  @Test
  void itShowsEverythingAndEndsByItselfWithAllThatItStarted() throws Exception {
    demo = millrace.start("demo", "--scale", "0.005", "--dir", directory.resolve("d").toString());
    Distribution.Ended ended = demo.await();
    assertThat(ended.exitCode()).as(ended.err() + ended.out()).isZero();
    assertThat(ended.out())
        .contains(
            "Nothing is lost.",
            "of daily-orders: SUCCEEDED",
            "(a week of March): SUCCEEDED, dates: 7 succeeded",
            "checksums equal.",
            "The servers end now.")
        .doesNotContain("WRONG", "DIFFERENT");
    assertThat(answers(server())).isFalse();
    assertThat(directory.resolve("mine")).as("the user's own logins").doesNotExist();
  }

  @Test
  void itKeepsTheServersUntilCtrlCWhenAsked() throws Exception {
    Path files = directory.resolve("d");
    demo = millrace.start("demo", "--keep", "--scale", "0.005", "--dir", files.toString());
    demo.awaitPrinted(ASKS);
    Distribution.Ended list =
        millrace
            .with("XDG_CONFIG_HOME", files.resolve("config").toString())
            .with("MILLRACE_SERVER", server())
            .run("backfill", "list", "--state", "succeeded");
    assertThat(list.out()).as(list.err()).contains("a week of March");

    Distribution.Ended test =
        millrace.run("task", "test", "daily-orders", "1998-01-02", "--wait", "-o", "json");
    assertThat(test.exitCode()).as(test.err()).isZero();
    String id = found(Pattern.compile("\"instance\":\\{\"id\":(\\d+)"), test.out());
    for (String[] form : new String[][] {{"--limit", "1"}, {"--all"}, {"-o", "json"}}) {
      String[] dirty =
          Stream.concat(Stream.of("instance", "dirty", id), Stream.of(form)).toArray(String[]::new);
      Distribution.Ended shown = millrace.run(dirty);
      assertThat(shown.out()).as(shown.err()).contains("its priority is too long");
    }

    demo.interrupt();
    assertThat(demo.await().exitCode()).isEqualTo(130);
    while (answers(server())) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(Files.readString(files.resolve("server.log"))).contains("Stopping");
  }

  private String server() {
    return found(SERVER, demo.outputSoFar());
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private static boolean answers(String url) {
    URI uri = URI.create(url);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
