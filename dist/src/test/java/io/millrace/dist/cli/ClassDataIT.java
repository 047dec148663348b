package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.dist.Distribution.Ended;
import io.millrace.dist.Distribution.Running;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class data of earlier runs: no result depends on it, whatever becomes of it. */
class ClassDataIT {

  /** In blocks of 512 bytes: the plugin's files fit, class data does not. */
  private static final String LIMIT = "10000";

  @TempDir private Path directory;
  private Distribution distribution;

  @BeforeEach
  void writeTask() throws IOException {
    distribution = new Distribution(directory).withOwnCacheAndClassData();
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {stream: {sliceRecordCount: 1, column: [{type: long, value: 1}]}}
        writer: {stream: {print: false}}
        """);
  }

  @AfterEach
  void awaitMaker() throws Exception {
    distribution.awaitNoMaker();
  }

  private void succeeds() {
    Ended ended = distribution.run("run", "task.yaml");
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).contains("State: 0(SUCCESS)");
  }

  @Test
  void aRunWhoseClassDataCannotBeWrittenEndsWithItsResult() throws Exception {
    Running limited = distribution.startUnder("ulimit -f " + LIMIT, "run", "task.yaml");
    Ended ended = limited.await();
    assertThat(ended.out()).contains("State: 0(SUCCESS)");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    succeeds();
    assertThat(distribution.made()).containsExactly("runs", "task.yaml");
  }

  @Test
  void aRunWhoseCacheIsAFileEndsWithItsResult() throws Exception {
    Files.writeString(directory.resolve("cache"), "");
    succeeds();
    Files.delete(directory.resolve("cache"));
    Files.createSymbolicLink(directory.resolve("cache"), Path.of("/dev/full"));
    succeeds();
  }

  @Test
  void aServerWhoseClassDataCannotBeWrittenGoesOn() throws Exception {
    Files.writeString(
        Files.createDirectory(directory.resolve("conf-of-test")).resolve("millrace.yaml"),
        "server.port: 0\n");
    distribution.with("MILLRACE_CONF", directory.resolve("conf-of-test").toString());
    Running server = distribution.startUnder("ulimit -f " + LIMIT, "server", "--data", "data");
    try {
      server.awaitPrinted("Listening on");
      long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      while (distribution.inCache("classes-").isEmpty()
          || server.process().descendants().findAny().isPresent()) {
        assertThat(System.nanoTime()).isLessThan(end);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(server.process().isAlive()).as(server.printedSoFar()).isTrue();
    } finally {
      server.process().destroy();
    }
    assertThat(server.await().exitCode()).isZero();
  }

  @Test
  void anEndThatIsAskedForWhenTheResultStandsChangesNothing() throws Exception {
    Running running = distribution.start("run", "task.yaml");
    running.awaitPrinted("Run directory: ");
    running.process().destroy();
    Ended ended = running.await();
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
  }

  @Test
  void damagedClassDataIsReplacedBeforeJavaGetsIt() throws Exception {
    succeeds();
    Path file = distribution.classData();
    long length = Files.size(file);
    for (Damage damage :
        List.<Damage>of(
            channel -> channel.truncate(0),
            channel -> channel.truncate(length / 2),
            channel -> flip(channel, 40),
            channel -> flip(channel, length / 2))) {
      file.toFile().setWritable(true);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        damage.happen(channel);
      }
      succeeds();
      file = distribution.classData();
      assertThat(Files.size(file)).isGreaterThan(length / 2);
    }
    succeeds();
    assertThat(distribution.made()).containsExactly("runs", "task.yaml");
  }

  private interface Damage {
    void happen(FileChannel channel) throws IOException;
  }

  private static void flip(FileChannel channel, long where) throws IOException {
    java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
    channel.read(one, where);
    one.put(0, (byte) ~one.get(0)).rewind();
    channel.write(one, where);
  }

  @Test
  void whatNobodyUsesAnyMoreIsRemoved() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Instant old = Instant.now().minus(Duration.ofDays(1));
    for (String left : List.of("classes-1.17.tmp", "classes-2.list", "classes-3.jsa.0815")) {
      Files.setLastModifiedTime(Files.writeString(cache.resolve(left), "left"), FileTime.from(old));
    }
    for (int i = 0; i < 12; i++) {
      Path other = Files.writeString(cache.resolve("classes-9" + i + "-1-5.jsa"), "other");
      Files.setLastModifiedTime(other, FileTime.from(old.plusSeconds(i)));
    }
    Path crashes = Files.createDirectory(cache.resolve("crashes"));
    for (int i = 0; i < 30; i++) {
      Files.writeString(crashes.resolve("hs_err_pid" + i + ".log"), "crashed");
    }
    succeeds();
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (distribution.inCache("classes-").size() != 10) {
      assertThat(System.nanoTime()).as("%s", distribution.inCache("")).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(distribution.inCache("classes-"))
        .allSatisfy(file -> assertThat(file.toString()).endsWith(".jsa"))
        .contains(cache.resolve("classes-911-1-5.jsa"))
        .doesNotContain(cache.resolve("classes-91-1-5.jsa"));
    assertThat(crashes.toFile().list()).hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void aCrashOfJavaLeavesItsReportInTheCache() throws Exception {
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {stream: {sliceRecordCount: 1000000000, column: [{type: long, value: 1}]}}
        writer: {stream: {print: false}}
        """);
    Running running = distribution.startUnder("ulimit -c 0", "run", "task.yaml");
    running.awaitPrinted("Stage 3 (Synchronize data) begins");
    new ProcessBuilder("kill", "-SEGV", Long.toString(running.process().pid())).start().waitFor();
    assertThat(running.await().exitCode()).isEqualTo(134);
    assertThat(directory.resolve("cache/crashes").toFile().list()).hasSize(1);
    assertThat(distribution.made()).containsExactly("runs", "task.yaml");
  }
}
