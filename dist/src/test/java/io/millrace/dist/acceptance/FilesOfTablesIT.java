package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.S3Server;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As DataX does: a file for each table, and with a key for each split. */
class FilesOfTablesIT {

  /** Enough that a table is cut, whether or not anybody asks for it. */
  private static final int ROWS = 300_000;

  /** Rows of 2 KB, so that each part is larger than what a store wants at least. */
  private static final int LARGE = 48_000;

  private static TestServer server;
  private static String database;

  @TempDir Path directory;

  @BeforeAll
  static void createTables() throws SQLException {
    server = TestServers.mysql();
    database = server.createDatabase("files_of_tables");
    server.execute(
        database,
        Numbers.create(ROWS),
        "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(100))",
        "CREATE TABLE b LIKE a",
        "INSERT INTO a SELECT n, REPEAT('x', 90) FROM numbers",
        "INSERT INTO b SELECT n + 1000000, REPEAT('y', 90) FROM numbers",
        "CREATE TABLE large (id INT PRIMARY KEY, v VARCHAR(2000))",
        "INSERT INTO large SELECT n, REPEAT('z', 2000) FROM numbers WHERE n < " + LARGE,
        "ANALYZE TABLE a, b, large");
  }

  @AfterAll
  static void dropTables() throws SQLException {
    server.execute("", "DROP DATABASE `" + database + "`");
  }

  private String run(Map<String, Object> reader, Map<String, Object> writer, String form)
      throws IOException {
    Map<String, Object> from = new LinkedHashMap<>(reader);
    from.put("username", server.user());
    from.put("password", server.password());
    Map<String, Object> to = new LinkedHashMap<>(writer);
    to.put("path", directory.resolve("out").toString());
    to.put("fileName", "all");
    to.put("writeMode", "truncate");
    Map<String, Object> task;
    if (form.equals("datax")) {
      from.put("column", List.of("*"));
      from.put(
          "connection",
          List.of(
              Map.of("jdbcUrl", List.of(server.jdbcUrl(database)), "table", from.remove("table"))));
      task =
          Map.of(
              "job",
              Map.of(
                  "setting",
                  Map.of("speed", Map.of("channel", 4)),
                  "content",
                  List.of(
                      Map.of(
                          "reader",
                          Map.of("name", "mysqlreader", "parameter", from),
                          "writer",
                          Map.of("name", "txtfilewriter", "parameter", to)))));
    } else {
      from.put("jdbcUrl", server.jdbcUrl(database));
      task =
          Map.of(
              "reader",
              Map.of("mysql", from),
              "writer",
              Map.of("files", to),
              "setting",
              Map.of("channels", 4));
    }
    return run(task) + stageFour();
  }

  /** Runs a task to its SUCCESS, and gives what was printed. */
  private String run(Map<String, Object> task) throws IOException {
    Path file = directory.resolve("task.json");
    Files.writeString(file, new ObjectMapper().writeValueAsString(task));
    Distribution.Ended ended = new Distribution(directory).run("run", file.toString());
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    return ended.out();
  }

  private static Map<String, Object> mysql(String table) {
    return Map.of(
        "jdbcUrl",
        server.jdbcUrl(database),
        "username",
        server.user(),
        "password",
        server.password(),
        "table",
        table,
        "column",
        List.of("*"));
  }

  /** What stage 4 told of this test's only run. */
  private String stageFour() throws IOException {
    try (Stream<Path> runs = Files.list(directory.resolve("runs"))) {
      return Files.readString(
          runs.findFirst().orElseThrow().resolve("stage-4-post-preparation.log"));
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("out"))) {
      return files.filter(file -> !file.endsWith(".millrace")).sorted().toList();
    }
  }

  /** The ids of a file, in its order; its first line may be a header. */
  private static List<Integer> ids(byte[] content) {
    List<Integer> ids = new ArrayList<>();
    new String(content, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("id,"))
        .forEach(line -> ids.add(Integer.valueOf(line.substring(0, line.indexOf(',')))));
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "datax"})
  void aTableWithoutAKeyIsOneFileInItsOrderThoughItIsCut(String form) throws Exception {
    String log =
        run(
            Map.of("table", List.of("a", "b")),
            Map.of("fileFormat", "csv", "header", List.of("id", "v")),
            form);
    assertThat(log).containsPattern("put together to 2 files");
    List<Path> files = files();
    assertThat(files).hasSize(2);
    assertThat(files.get(0).getFileName().toString()).startsWith("all__").endsWith(".csv");
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      assertThat(new String(content, 0, 5, StandardCharsets.UTF_8)).isEqualTo("id,v\n");
      assertThat(ids(content)).hasSize(ROWS).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void membersOfGzipAreJoined() throws Exception {
    run(Map.of("table", List.of("a")), Map.of("fileFormat", "csv", "compress", "gzip"), "own");
    List<Path> files = files();
    assertThat(files).hasSize(1);
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(files.get(0))))) {
      assertThat(ids(in.readAllBytes())).hasSize(ROWS).isSorted();
    }
  }

  @ParameterizedTest
  @CsvSource({"own, csv", "datax, csv", "own, parquet"})
  void aSplitThatTheTaskAsksForHasAFileOfItsOwn(String form, String format) throws Exception {
    String log =
        run(Map.of("table", List.of("a"), "splitPk", "id"), Map.of("fileFormat", format), form);
    assertThat(log).doesNotContain("put together");
    assertThat(files()).hasSizeGreaterThan(1);
    if (format.equals("csv")) {
      List<Integer> all = new ArrayList<>();
      for (Path file : files()) {
        all.addAll(ids(Files.readAllBytes(file)));
      }
      assertThat(all).hasSize(ROWS).doesNotHaveDuplicates();
    }
  }

  @Test
  void aFormatThatCannotBeJoinedIsNotCutForDataX() throws Exception {
    String log =
        run(Map.of("table", List.of("a")), Map.of("fileFormat", "csv", "compress", "zip"), "datax");
    assertThat(log).contains("one split, because the target cannot put the parts of one together");
    assertThat(files()).hasSize(1);
  }

  @Test
  void whatWentIntoFoldersComesBackByItsNameAndNotByItsPlace() throws Exception {
    server.execute(
        database,
        "CREATE TABLE event (id INT PRIMARY KEY, dt VARCHAR(20), city VARCHAR(20))",
        "INSERT INTO event VALUES (1, '2026-11-01', 'Bonn'), (2, '2026-11-02', 'Rom')",
        "CREATE TABLE back LIKE event");
    run(
        Map.of("table", "event"),
        Map.of("fileFormat", "csv", "header", true, "partitionBy", List.of("dt")),
        "own");
    run(
        Map.of(
            "reader",
            Map.of(
                "files",
                Map.of(
                    "path",
                    directory.resolve("out").toString() + "/*/*.csv",
                    "skipHeader",
                    true,
                    "partitionColumns",
                    List.of("dt"))),
            "writer",
            Map.of("mysql", mysql("back"))));
    try (var connection = server.connect(database);
        var statement = connection.createStatement();
        var row =
            statement.executeQuery("SELECT COUNT(*) FROM back JOIN event USING (id, dt, city)")) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(2);
    }
  }

  /** The answer to a copy is lost on its way, as well. */
  @Test
  void partsInABucketAreJoinedByTheStore() throws Exception {
    try (S3Server store = S3Server.start(Path.of("../plugins/files/target/s3proxy.classpath"))) {
      Path bucket = Files.createDirectories(store.objects().resolve("tables"));
      FaultProxy proxy = FaultProxy.before("127.0.0.1", store.port());
      CompletableFuture<Void> copied =
          proxy.when(BytePattern.text("x-amz-copy-source"), 2, Action.CUT_AFTER);
      run(
          Map.of(
              "reader",
              Map.of("mysql", mysql("large")),
              "writer",
              Map.of(
                  "s3",
                  Map.of(
                      "endpoint",
                      "http://127.0.0.1:" + proxy.port(),
                      "bucket",
                      "tables",
                      "accessId",
                      S3Server.ACCESS_ID,
                      "accessKey",
                      S3Server.ACCESS_KEY,
                      "object",
                      "of day/all",
                      "writeMode",
                      "truncate",
                      "fileFormat",
                      "csv",
                      "header",
                      List.of("id", "v")))));
      assertThat(stageFour()).contains("put together to 1 file");
      assertThat(copied).isDone();
      proxy.close();
      try (Stream<Path> objects = Files.list(bucket.resolve("of day"))) {
        List<Path> found = objects.filter(Files::isRegularFile).toList();
        assertThat(found).hasSize(1);
        byte[] content = Files.readAllBytes(found.get(0));
        assertThat(ids(content)).hasSize(LARGE).isSorted().doesNotHaveDuplicates();
        assertThat(new String(content, StandardCharsets.UTF_8).lines())
            .allMatch(line -> line.equals("id,v") || line.length() > 2000);
      }
    }
  }
}
