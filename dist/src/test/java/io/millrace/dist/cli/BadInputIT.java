package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input gets one clear line and exit code 1 or 2, and nothing is written. */
class BadInputIT {

  private static TestServer server;

  @TempDir private Path directory;
  private Distribution distribution;

  @BeforeAll
  static void startServer() throws SQLException {
    server = TestServers.mysql();
    try (Connection connection = server.connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS bad_input");
      statement.execute("CREATE DATABASE bad_input");
      statement.execute("CREATE TABLE bad_input.source (id INT PRIMARY KEY, name VARCHAR(20))");
      statement.execute("INSERT INTO bad_input.source VALUES (1, 'one'), (2, 'two')");
      statement.execute("CREATE TABLE bad_input.target (id INT PRIMARY KEY, name VARCHAR(20))");
    }
  }

  @BeforeEach
  void beginAnew() throws SQLException {
    try (Connection connection = server.connect("bad_input");
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM target");
    }
    distribution = new Distribution(directory).with("PASSWORD_OF_TEST", server.password());
  }

  private String end(String table, String more) {
    return """
          {"jdbcUrl": "%s", "username": "%s", "password": {"env": "PASSWORD_OF_TEST"},
           "table": "%s", "column": ["*"]%s}
        """
        .formatted(server.jdbcUrl("bad_input"), server.user(), table, more);
  }

  private Path task(String readerName, String reader, String writerName, String writer)
      throws IOException {
    return Files.writeString(
        directory.resolve("task.yaml"),
        "{reader: {%s: %s}, writer: {%s: %s}}".formatted(readerName, reader, writerName, writer));
  }

  /** Runs the task and checks what every bad input has in common. */
  private String refused(int exitCode, String... arguments) throws SQLException {
    Distribution.Ended ended = distribution.run(arguments);
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(exitCode);
    assertThat(ended.errors()).as(ended.err()).hasSize(1);
    assertThat(ended.err()).startsWith("millrace: ").doesNotContain("Exception", "\tat ");
    assertThat(ended.out() + ended.err()).doesNotContain(server.password());
    assertThat(ended.out()).doesNotContain("--resume");
    assertThat(count("target")).isZero();
    return ended.err();
  }

  private static long count(String table) throws SQLException {
    try (Connection connection = server.connect("bad_input");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void noSuchSourceTable() throws Exception {
    task("mysql", end("missing", ""), "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml")).contains("missing", "[DBUtilErrorCode-07]");
    assertThat(refused(2, "check", "task.yaml")).contains("missing");
  }

  @Test
  void noSuchTargetTable() throws Exception {
    task("mysql", end("source", ""), "mysql", end("missing", ""));
    assertThat(refused(2, "run", "task.yaml")).contains("there is no table bad_input.missing");
  }

  @Test
  void wrongPassword() throws Exception {
    distribution.with("PASSWORD_OF_TEST", "not-the-password");
    task("mysql", end("source", ""), "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml"))
        .contains("[DBUtilErrorCode-10]", server.user())
        .doesNotContain("not-the-password");
  }

  @Test
  void columnCountsDiffer() throws Exception {
    task(
        "mysql",
        end("source", "").replace("[\"*\"]", "[\"id\"]"),
        "mysql",
        end("target", "").replace("[\"*\"]", "[\"id\", \"name\"]"));
    assertThat(refused(2, "run", "task.yaml")).contains("1", "2", "column");
  }

  @Test
  void truncatedJson() throws Exception {
    Files.writeString(directory.resolve("task.json"), "{\"job\": {\"content\": [{\"reader\": {");
    assertThat(refused(2, "run", "task.json")).contains("task.json");
    assertThat(distribution.made()).containsExactly("task.json");
  }

  @Test
  void unknownConnector() throws Exception {
    task("mysqll", end("source", ""), "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml", "--result", "result.json"))
        .contains("mysqll", "mysql", "stream");
    assertThat(distribution.made()).containsExactly("result.json", "task.yaml");
    assertThat(directory.resolve("result.json"))
        .content()
        .contains("\"state\" : \"FAIL\"", "Framework-13");
  }

  @Test
  void unreadableFile() throws Exception {
    assertThat(refused(2, "run", "nowhere.yaml")).contains("there is no task file nowhere.yaml");
    assertThat(refused(2, "run", ".")).contains("is not a file");
    assertThat(distribution.made()).isEmpty();
  }

  @Test
  void anUnknownOptionNamesTheNearestOne() throws Exception {
    task("mysql", end("source", ", \"spiltPk\": \"id\""), "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml")).contains("spiltPk", "splitPk");
    assertThat(distribution.made()).containsExactly("task.yaml");
  }

  @Test
  void anUnsetParameterIsNamed() throws Exception {
    task("mysql", end("${table_name}", ""), "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml")).contains("table_name");
  }

  @Test
  void aBrokenPluginIsNamedAndDisturbsNobodyElse() throws Exception {
    Path plugins = withPluginsOfTheDistribution();
    Files.writeString(plugins.resolve("broken-1.0.zip"), "no zip at all");
    distribution.withPlugins(plugins);
    task("broken", "{}", "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml")).contains("broken-1.0.zip", "not a readable zip");

    Files.writeString(
        directory.resolve("good.yaml"),
        """
        reader: {stream: {sliceRecordCount: 1, column: [{type: long, value: 1}]}}
        writer: {stream: {print: false}}
        """);
    Distribution.Ended good = distribution.run("run", "good.yaml");
    assertThat(good.exitCode()).as(good.err()).isZero();
    assertThat(good.err()).isEmpty();
  }

  @Test
  void aPluginForAnotherApiIsNamedWithBothVersions() throws Exception {
    Path plugins = withPluginsOfTheDistribution();
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(plugins.resolve("future-9.0.zip")))) {
      zip.putNextEntry(new ZipEntry("plugin.properties"));
      zip.write(
          "plugin.id=future\nplugin.version=9.0\nplugin.requires=9.0.0\nmillrace.connectors=future\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    distribution.withPlugins(plugins);
    task("future", "{}", "mysql", end("target", ""));
    assertThat(refused(2, "run", "task.yaml")).contains("future-9.0.zip", "9.0.0", "0.1.0");
  }

  private Path withPluginsOfTheDistribution() throws IOException {
    Path plugins = Files.createDirectory(directory.resolve("cache-plugins"));
    try (var zips = Files.list(Distribution.home().resolve("plugins"))) {
      for (Path zip : zips.toList()) {
        Files.copy(zip, plugins.resolve(zip.getFileName().toString()));
      }
    }
    return plugins;
  }

  @Test
  void wrongUsage() throws Exception {
    assertThat(refused(2, "rum")).contains("did you mean", "run");
    assertThat(refused(2, "run")).contains("FILE");
    assertThat(refused(2, "run", "a.yaml", "--bogus")).contains("--bogus");
    assertThat(refused(2)).contains("which command?");
  }
}
