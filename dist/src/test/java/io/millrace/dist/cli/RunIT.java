package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged command line on a real server. */
class RunIT {

  private static final String END_OF_THREADS = "JNI global refs";

  private static TestServer server;

  @TempDir private Path directory;
  private Distribution distribution;

  @BeforeAll
  static void startServer() throws SQLException {
    server = TestServers.mysql();
    execute("DROP DATABASE IF EXISTS run_it", "CREATE DATABASE run_it");
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = server.connect("");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @BeforeEach
  void makeTables() throws SQLException {
    distribution = new Distribution(directory).with("PASSWORD_OF_TEST", server.password());
    execute(
        "DROP TABLE IF EXISTS run_it.source, run_it.target",
        "CREATE TABLE run_it.source (id INT PRIMARY KEY, name VARCHAR(200))",
        "CREATE TABLE run_it.target (id INT PRIMARY KEY, name VARCHAR(20))");
  }

  private static void fillSource(int rows) throws SQLException {
    execute(
        "SET SESSION cte_max_recursion_depth = 10000000",
        "INSERT INTO run_it.source WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < "
            + rows
            + ") SELECT i, concat('name ', i) FROM n");
  }

  private static long number(String query) throws SQLException {
    try (Connection connection = server.connect("run_it");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  private void task(String setting, String writerOptions) throws IOException {
    String connection =
        "jdbcUrl: \"%s\", username: \"%s\", password: {env: PASSWORD_OF_TEST}"
            .formatted(server.jdbcUrl("run_it"), server.user());
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {mysql: {%s, table: source, column: ["*"], splitPk: id}}
        writer: {mysql: {%s, table: target, column: ["*"]%s}}
        setting: {%s}
        """
            .formatted(connection, connection, writerOptions, setting));
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("result.json").toFile());
  }

  @Test
  void aRunMovesEveryRowAndTellsWhatItDid() throws Exception {
    fillSource(1000);
    task("channels: 2", "");
    Distribution.Ended ended = distribution.run("run", "task.yaml", "--result", "result.json");
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).contains("DI Finish at", "State: 0(SUCCESS)");
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(1000);
    JsonNode result = result();
    assertThat(result.fieldNames())
        .toIterable()
        .contains(
            "state",
            "read",
            "written",
            "dirty",
            "bytes",
            "seconds",
            "recordsPerSecond",
            "channels",
            "splits",
            "guarantee",
            "stages",
            "readWaitSeconds",
            "writeWaitSeconds",
            "diagnosis",
            "error");
    assertThat(result.path("state").asText()).isEqualTo("SUCCESS");
    assertThat(result.path("read").asLong()).isEqualTo(1000);
    assertThat(result.path("written").asLong()).isEqualTo(1000);
    assertThat(result.path("guarantee").asText()).isEqualTo("EXACTLY_ONCE");
    assertThat(result.path("error").isNull()).isTrue();
    assertThat(result.path("stages")).hasSize(4);
    assertNoSecretAnywhere(ended);
  }

  @Test
  void postSqlMayMakeTheTableAnewAndARunThatFailsBehindItIsResumed() throws Exception {
    fillSource(100);
    task(
        "channels: 2",
        ", postSql: [ALTER TABLE target ENGINE=MyISAM, INSERT INTO later VALUES (1)]");
    Distribution.Ended failed = distribution.run("run", "task.yaml", "--run-dir", "run");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.out() + failed.err()).contains("postSql 2 failed");
    execute("DROP TABLE IF EXISTS run_it.later", "CREATE TABLE run_it.later (id INT)");
    Distribution.Ended resumed =
        distribution.run("run", "task.yaml", "--resume", "--run-dir", "run");
    assertThat(resumed.exitCode()).as(resumed.out() + resumed.err()).isZero();
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(100);
    assertThat(number("SELECT count(*) FROM later")).isEqualTo(1);
    execute("DROP TABLE run_it.later");
  }

  private void assertNoSecretAnywhere(Distribution.Ended ended) throws IOException {
    assertThat(ended.out() + ended.err()).doesNotContain(server.password());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(server.password());
      }
    }
  }

  @Test
  void theProcessListShowsNoSecret() throws Exception {
    fillSource(200_000);
    task("channels: 1, rate: {records: 2000}", "");
    Distribution.Running running = distribution.start("run", "task.yaml");
    running.awaitPrinted("Stage 3 (Synchronize data) begins");
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      List<String> lines = all.map(each -> each.info().commandLine().orElse("")).toList();
      assertThat(lines).anyMatch(line -> line.contains("io.millrace.dist.cli.Main run task.yaml"));
      assertThat(lines).noneMatch(line -> line.contains(server.password()));
    }
    running.interrupt();
    running.await();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("%s within a minute", what).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  static Stream<Path> otherJavas() throws IOException {
    Path installed = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(installed)) {
      return Stream.empty();
    }
    try (Stream<Path> homes = Files.list(installed)) {
      return homes
          .filter(home -> !Files.isSymbolicLink(home) && isNewer(home.resolve("release")))
          .toList()
          .stream();
    }
  }

  private static boolean isNewer(Path release) {
    try {
      return Files.exists(release)
          && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(2[0-9]|[3-9][0-9])[.\"].*");
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("otherJavas")
  void newerJavasThatAreInstalledRunItTwiceWithAndWithoutClassData(Path home) throws Exception {
    fillSource(1000);
    distribution.with("JAVA_HOME", home.toString()).withOwnCacheAndClassData();
    for (int i = 1; i <= 2; i++) {
      task("channels: 2", ", preSql: [DELETE FROM target]");
      Distribution.Ended ended = distribution.run("run", "task.yaml");
      assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
      assertThat(ended.err()).isEmpty();
      assertThat(number("SELECT count(*) FROM target")).isEqualTo(1000);
      distribution.classData();
    }
  }

  @Test
  void controlCEndsTheRunSoonWithATrueResultAndItCanBeResumed() throws Exception {
    fillSource(100_000);
    // With one channel nothing is about to commit just when the first split has: what was sent then
    // would be in the target, and the result could not know of it.
    task("channels: 1, rate: {records: 10000}", "");
    Distribution.Running running =
        distribution.start("run", "task.yaml", "--result", "result.json", "--run-dir", "run");
    await("rows in the target", () -> number("SELECT count(*) FROM target") > 0);
    long start = System.nanoTime();
    running.interrupt();
    Distribution.Ended ended = running.await();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(130);

    JsonNode result = result();
    assertThat(result.path("state").asText()).isEqualTo("FAIL");
    assertThat(result.path("cancelled").asBoolean()).isTrue();
    assertThat(result.path("error").path("message").asText()).contains("interrupted");
    assertThat(result.path("written").asLong()).isEqualTo(number("SELECT count(*) FROM target"));
    assertThat(Files.readString(directory.resolve("run/run.log")))
        .contains("State: 4(FAIL)", "Exit code of the Shell command 130");

    task("channels: 2", "");
    Distribution.Ended resumed =
        distribution.run(
            "run", "task.yaml", "--resume", "--run-dir", "run", "--result", "result.json");
    assertThat(resumed.exitCode()).as(resumed.out() + resumed.err()).isZero();
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(100_000);
    assertThat(result().path("read").asLong()).isEqualTo(100_000);
  }

  @Test
  void aServerThatStopsAnsweringDoesNotKeepTheProcess() throws Exception {
    try (TestServer own = TestServers.mysql(ServerOptions.DEFAULT)) {
      try (Connection connection = own.connect("");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE run_it");
        statement.execute("CREATE TABLE run_it.target (c1 BIGINT)");
      }
      distribution.with("PASSWORD_OF_TEST", own.password());
      Files.writeString(
          directory.resolve("stall.yaml"),
          """
          reader: {stream: {sliceRecordCount: 100000000, column: [{type: long, incr: "1,1"}]}}
          writer: {mysql: {jdbcUrl: "%s", username: "%s", password: {env: PASSWORD_OF_TEST},
            table: target, column: ["*"]}}
          setting: {channels: 1, rate: {records: 20000}}
          """
              .formatted(own.jdbcUrl("run_it"), own.user()));
      Distribution.Running running =
          distribution.start("run", "stall.yaml", "--result", "result.json");
      try (Connection connection = own.connect("run_it");
          Statement statement = connection.createStatement()) {
        statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
        await("rows that are not committed yet", () -> isThereAny(statement, "target"));
      }
      signal("-STOP", own.pid());
      try {
        await("somebody who waits for the server", () -> waitsForItsServer(running));
        long start = System.nanoTime();
        running.interrupt();
        Distribution.Ended ended = running.await();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(130);
        assertThat(result().path("state").asText()).isEqualTo("FAIL");
        assertThat(result().path("written").asLong()).isZero();
      } finally {
        signal("-CONT", own.pid());
      }
    }
  }

  private static boolean isThereAny(Statement statement, String table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 1")) {
      return rows.next();
    }
  }

  /** True when a thread waits for what a server sends, as the JVM tells when it is asked to. */
  private static boolean waitsForItsServer(Distribution.Running running) throws Exception {
    String before = running.outputSoFar();
    signal("-QUIT", running.process().pid());
    await("threads", () -> running.outputSoFar().indexOf(END_OF_THREADS, before.length()) > 0);
    return Stream.of(running.outputSoFar().substring(before.length()).split("\n\n"))
        .anyMatch(
            thread ->
                thread.contains("sun.nio.ch.Net.poll") && thread.contains("io.millrace.mysql"));
  }

  private static void signal(String signal, long pid) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
  }

  @Test
  void correctedDirtyRecordsAreReplayedWithoutPreSql() throws Exception {
    fillSource(10);
    execute("UPDATE run_it.source SET name = repeat('x', 50) WHERE id IN (3, 7)");
    task("channels: 1", ", preSql: [DELETE FROM target]");
    Distribution.Ended ended = distribution.run("run", "task.yaml", "--run-dir", "run");
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(8);

    StringBuilder dirty = new StringBuilder();
    try (Stream<Path> files = Files.list(directory.resolve("run/dirty"))) {
      for (Path file : files.toList()) {
        dirty.append(Files.readString(file));
      }
    }
    Path corrected = directory.resolve("corrected.jsonl");
    Files.writeString(corrected, dirty.toString().replaceAll("x{50}", "short enough now"));
    Distribution.Ended replayed =
        distribution.run("replay-dirty", "task.yaml", "corrected.jsonl", "--from-run", "run");
    assertThat(replayed.exitCode()).as(replayed.out() + replayed.err()).isZero();
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(10);
    assertThat(number("SELECT count(*) FROM target WHERE name = 'short enough now'")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "append, false",
    "truncate, false",
    "nonConflict, false",
    "append, true",
    "truncate, true",
    "NON_CONFLICT, true"
  })
  void aReplayLeavesTheFilesOfItsRunAlone(String mode, boolean single) throws Exception {
    Files.createDirectories(directory.resolve("in"));
    Files.writeString(directory.resolve("in/a.csv"), "1\nbad\n3\n");
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {files: {path: "%1$s/in/a.csv", column: [{index: 0, name: id, type: long}]}}
        writer: {files: {path: "%1$s/out", fileName: ids.csv, writeMode: %2$s, writeSingleObject: %3$s}}
        """
            .formatted(directory, mode, single));
    Distribution.Ended ended = distribution.run("run", "task.yaml", "--run-dir", "run");
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(Files.exists(directory.resolve("out/ids.csv"))).isEqualTo(single);
    Path dirty;
    try (Stream<Path> files = Files.list(directory.resolve("run/dirty"))) {
      dirty = files.findFirst().orElseThrow();
    }
    Files.writeString(dirty, Files.readString(dirty).replace("\"bad\"", "\"2\""));
    Distribution.Ended replayed =
        distribution.run("replay-dirty", "task.yaml", dirty.toString(), "--run-dir", "replay");
    assertThat(replayed.exitCode()).as(replayed.out() + replayed.err()).isZero();
    assertThat(idsWritten()).containsExactly("1", "2", "3");
    if (single) {
      assertThat(directory.resolve("out/ids.csv")).hasContent("1\n3\n");
    }
  }

  /** A resume reads the records of its file again: they would be in the target twice. */
  @Test
  void whatAResumeReadsAgainIsNotReplayed() throws Exception {
    Files.createDirectories(directory.resolve("in"));
    Files.writeString(directory.resolve("in/a.csv"), "1\nbad\n3\n");
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {files: {path: "%1$s/in/a.csv", column: [{index: 0, name: id, type: long}]}}
        writer: {files: {path: "%1$s/out", fileName: ids, fileFormat: csv, writeMode: append}}
        setting: {dirty: 0}
        """
            .formatted(directory));
    assertThat(distribution.run("run", "task.yaml", "--run-dir", "run").exitCode()).isEqualTo(1);
    Path dirty;
    try (Stream<Path> files = Files.list(directory.resolve("run/dirty"))) {
      dirty = files.findFirst().orElseThrow();
    }
    refuseReplay(dirty, "holds records of a split that was not committed", "leave the file out");
    // Under another name the run itself tells.
    Path renamed = Files.copy(dirty, dirty.resolveSibling("corrected.jsonl"));
    refuseReplay(renamed, "has not succeeded", "--resume --run-dir " + directory.resolve("run"));
  }

  @Test
  void recordsOfTwoRunsAreNotReplayedAtOnce() throws Exception {
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {files: {path: "%1$s/a.csv", column: [{index: 0, name: id, type: long}]}}
        writer: {files: {path: "%1$s/out", fileName: ids, fileFormat: csv, writeMode: append}}
        """
            .formatted(directory));
    Files.writeString(directory.resolve("a.csv"), "1\nbad\n");
    List<String> arguments = new ArrayList<>(List.of("replay-dirty", "task.yaml"));
    for (String run : List.of("one", "two")) {
      assertThat(distribution.run("run", "task.yaml", "--run-dir", run).exitCode()).isZero();
      try (Stream<Path> files = Files.list(directory.resolve(run).resolve("dirty"))) {
        arguments.add(files.findFirst().orElseThrow().toString());
      }
    }
    Distribution.Ended ended = distribution.run(arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("are of two runs");
    Path link =
        Files.createSymbolicLink(directory.resolve("again.jsonl"), Path.of(arguments.get(2)));
    for (String again : List.of(arguments.get(2), link.toString())) {
      Distribution.Ended twice =
          distribution.run(
              "replay-dirty", "task.yaml", arguments.get(2), again, "--from-run", "one");
      assertThat(twice.exitCode()).isEqualTo(2);
      assertThat(twice.err()).contains("is named twice");
    }
  }

  @Test
  void dirtyRecordsAreReplayedOnceAndThoseOfAReplayFromItsOwnDirectory() throws Exception {
    Files.createDirectories(directory.resolve("in"));
    Files.writeString(directory.resolve("in/a.csv"), "1\nbad\nworse\n4\n");
    String task =
        """
        reader: {files: {path: "%1$s/in/a.csv", column: [{index: 0, name: id, type: long}]}}
        writer: {files: {path: "%1$s/out", fileName: ids, fileFormat: csv, writeMode: append}}
        """
            .formatted(directory);
    Files.writeString(directory.resolve("task.yaml"), task);
    Files.writeString(directory.resolve("other.yaml"), task);
    assertThat(distribution.run("run", "task.yaml", "--run-dir", "run").exitCode()).isZero();
    String dirty = dirtyFile("run", "\"bad\"", "\"2\"").toString();
    Distribution.Ended other = distribution.run("replay-dirty", "other.yaml", dirty);
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("is of task 'task', not 'other'", "name: task");
    String[] replay = {"replay-dirty", "task.yaml", dirty, "--run-dir", "replay"};
    assertThat(distribution.run(replay).exitCode()).isZero();
    assertThat(idsWritten()).containsExactly("1", "2", "4");

    refuseReplay(
        Path.of(dirty), "were replayed by the run in " + directory.resolve("replay"), "--again");
    String rest = dirtyFile("replay", "\"worse\"", "\"3\"").toString();
    Distribution.Ended second =
        distribution.run("replay-dirty", "task.yaml", rest, "--run-dir", "second");
    assertThat(second.exitCode()).as(second.out() + second.err()).isZero();
    assertThat(idsWritten()).containsExactly("1", "2", "3", "4");
    refuseReplay(Path.of(rest), "which has succeeded");
    Distribution.Ended again =
        distribution.run("replay-dirty", "task.yaml", dirty, "--again", "--run-dir", "third");
    assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
    assertThat(idsWritten()).containsExactly("1", "2", "2", "3", "4");
  }

  private Path dirtyFile(String run, String wrong, String right) throws IOException {
    Path dirty;
    try (Stream<Path> files = Files.list(directory.resolve(run).resolve("dirty"))) {
      dirty = files.findFirst().orElseThrow();
    }
    return Files.writeString(dirty, Files.readString(dirty).replace(wrong, right));
  }

  private List<String> idsWritten() throws IOException {
    StringBuilder written = new StringBuilder();
    try (Stream<Path> files = Files.list(directory.resolve("out"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        written.append(Files.readString(file));
      }
    }
    return written.toString().lines().sorted().toList();
  }

  private void refuseReplay(Path dirty, String... why) throws Exception {
    Distribution.Ended ended = distribution.run("replay-dirty", "task.yaml", dirty.toString());
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(why);
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void aReaderIsPreviewedBeforeAnybodyKnowsWhereItsRecordsGo() throws Exception {
    String reader = "reader: {stream: {sliceRecordCount: 2, column: [{value: hello}]}}\n";
    Files.writeString(directory.resolve("reader.yaml"), reader);
    Files.writeString(
        directory.resolve("nowhere.yaml"),
        reader + "writer: {mysql: {datasource: not-there, table: t}}\n");
    for (String task : List.of("reader.yaml", "nowhere.yaml")) {
      Distribution.Ended preview = distribution.run("preview", task);
      assertThat(preview.exitCode()).as(preview.err()).isZero();
      assertThat(preview.out()).contains("hello");
    }
  }

  @Test
  void checkAndPreviewShowTheTaskAndWriteNothing() throws Exception {
    fillSource(50);
    task("channels: 2", ", preSql: [DELETE FROM target]");
    execute("INSERT INTO run_it.target VALUES (1, 'stays')");
    String tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'run_it'";
    long tablesBefore = number(tables);
    Distribution.Ended check = distribution.run("check", "task.yaml");
    assertThat(check.exitCode()).as(check.err()).isZero();
    assertThat(check.out()).contains("id", "name", "Rule: ", "Nothing was written.");
    Distribution.Ended preview = distribution.run("preview", "task.yaml", "-n", "3");
    assertThat(preview.exitCode()).as(preview.err()).isZero();
    assertThat(preview.out()).contains("name 1", "name 3").doesNotContain("name 4 ");
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(1);
    assertThat(distribution.made()).containsExactly("task.yaml");
    assertThat(number(tables)).isEqualTo(tablesBefore);
  }

  @Test
  void aRunThatWasKilledInStageOneIsStartedAnewAndWhatItLeftIsCleanedUp() throws Exception {
    fillSource(10);
    String shadows =
        "SELECT count(*) FROM information_schema.tables"
            + " WHERE table_schema = 'run_it' AND table_name LIKE 'target\\_\\_new\\_%'";
    String waiting =
        "SELECT max(id) FROM information_schema.processlist WHERE info LIKE 'DELETE FROM held%'";
    execute("DROP TABLE IF EXISTS run_it.held", "CREATE TABLE run_it.held (id INT PRIMARY KEY)");
    task(
        "channels: 1",
        ", publish: swap, preSql: [SET innodb_lock_wait_timeout = 600, DELETE FROM held]");
    try (Connection holder = server.connect("run_it")) {
      // A statement that waits for a row does not notice that its client is gone; SLEEP does.
      holder.setAutoCommit(false);
      holder.createStatement().execute("INSERT INTO held VALUES (1)");
      Distribution.Running killed = distribution.start("run", "task.yaml");
      try {
        // The shadow is made before preSql runs, and nothing is kept before it has run.
        await(
            "preSql",
            () -> {
              assertThat(killed.process().isAlive()).as(killed.printedSoFar()).isTrue();
              return number(waiting) != 0;
            });
      } finally {
        killed.process().destroyForcibly().waitFor();
      }
      assertThat(number(shadows)).isEqualTo(1);
      Distribution.Ended atWork = distribution.run("cleanup", "task.yaml", "--older-than", "0");
      assertThat(atWork.out())
          .as(atWork.err())
          .contains("is at work, and stays", "what 0 runs had left");
      execute("KILL " + number(waiting));
      await("the end of preSql", () -> number(waiting) == 0);
    }
    task("channels: 1", ", publish: swap");
    assertThat(distribution.run("run", "task.yaml").exitCode()).isZero();
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(10);
    assertThat(number(shadows)).isEqualTo(1);
    assertThat(distribution.run("cleanup", "task.yaml").out()).contains("what 0 runs had left");
    Distribution.Ended shown =
        distribution.run("cleanup", "task.yaml", "--older-than", "0", "--dry-run");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.out())
        .contains(": rows of the ledger, table ", "Would remove what 1 run had left.");
    assertThat(number(shadows)).isEqualTo(1);
    Distribution.Ended cleaned = distribution.run("cleanup", "task.yaml", "--older-than", "0");
    assertThat(cleaned.exitCode()).as(cleaned.err()).isZero();
    assertThat(cleaned.out()).contains("what 1 run had left");
    assertThat(number(shadows)).isZero();
    assertThat(number("SELECT count(*) FROM millrace_ledger")).isZero();
    assertThat(number("SELECT count(*) FROM target")).isEqualTo(10);
  }

  @Test
  void aRunThatCouldNotConnectGoesOnFromItsDirectory() throws Exception {
    fillSource(10);
    task("channels: 1", "");
    String right = Files.readString(directory.resolve("task.yaml"));
    String wrong = right.replaceAll("(jdbc:mysql://[^:/]+):\\d+", "$1:1");
    assertThat(wrong).isNotEqualTo(right);
    Files.writeString(directory.resolve("task.yaml"), wrong);
    Distribution.Ended failed = distribution.run("run", "task.yaml", "--run-dir", "run");
    assertThat(failed.exitCode()).as(failed.out() + failed.err()).isEqualTo(1);
    assertThat(failed.out()).contains("--resume --run-dir run");
    Files.writeString(directory.resolve("task.yaml"), right);
    distribution.with("PASSWORD_OF_TEST", "not-the-password");
    Distribution.Ended refused =
        distribution.run("run", "task.yaml", "--resume", "--run-dir", "run");
    assertThat(refused.exitCode()).as(refused.out() + refused.err()).isEqualTo(2);
    assertThat(refused.out()).doesNotContain("--resume");
    distribution.with("PASSWORD_OF_TEST", server.password());
    for (String directory : List.of("run", "never")) {
      execute("DELETE FROM run_it.target");
      Distribution.Ended begun =
          distribution.run("run", "task.yaml", "--resume", "--run-dir", directory);
      assertThat(begun.exitCode()).as(begun.out() + begun.err()).isZero();
      assertThat(number("SELECT count(*) FROM target")).isEqualTo(10);
    }
  }

  @Test
  void aResumeThatCannotHelpIsNotOffered() throws Exception {
    Files.createDirectories(directory.resolve("in"));
    Files.writeString(directory.resolve("in/a.csv"), "bad\nbad\n");
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {files: {path: "%1$s/in/*", column: [{index: 0, name: id, type: long}]}}
        writer: {files: {path: "%1$s/out", fileName: ids, fileFormat: csv, writeMode: append}}
        """
            .formatted(directory));
    Distribution.Ended dirty = distribution.run("run", "task.yaml", "--run-dir", "dirty");
    assertThat(dirty.exitCode()).as(dirty.out() + dirty.err()).isEqualTo(1);
    assertThat(dirty.err()).contains("every record was dirty");
    Files.writeString(directory.resolve("in/b.jsonl"), "{}\n");
    Distribution.Ended mixed = distribution.run("run", "task.yaml", "--run-dir", "mixed");
    assertThat(mixed.exitCode()).as(mixed.out() + mixed.err()).isEqualTo(1);
    assertThat(mixed.err()).contains("tell no one format");
    assertThat(dirty.out() + mixed.out()).doesNotContain("--resume");
  }

  @Test
  void anUnfinishedRunIsFoundForResumeAndCanBeDiscarded() throws Exception {
    fillSource(10);
    execute("ALTER TABLE run_it.target MODIFY name VARCHAR(20) NOT NULL");
    task("channels: 1, dirty: none", ", postSql: [SELECT no_such_column FROM target]");
    Distribution.Ended failed = distribution.run("run", "task.yaml");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.errors()).hasSize(1);
    Distribution.Ended resumed = distribution.run("run", "task.yaml", "--resume");
    assertThat(resumed.exitCode()).isEqualTo(1);
    try (Stream<Path> runs = Files.list(directory.resolve("runs"))) {
      List<Path> all = runs.toList();
      assertThat(all).hasSize(1);
      Path run = directory.relativize(all.get(0));
      Distribution.Ended discarded = distribution.run("discard", "task.yaml", run.toString());
      assertThat(discarded.exitCode()).as(discarded.err()).isZero();
    }
    Distribution.Ended again = distribution.run("run", "task.yaml", "--resume");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("there is no unfinished run of task 'task'");
  }
}
