package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.server.S3Server;
import io.millrace.testkit.server.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sync between a table and csv files, in a folder or in a bucket, and what must be at its other
 * end however often it was killed on the way.
 */
final class FileSync implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS = 6_000;
  private static final int LONG_NAME_EVERY = 300;
  private static final String BUCKET = "kill";

  private final TestServer server;
  private final @Nullable S3Server store;
  private final @Nullable FaultProxy proxy;
  private final Path directory;
  private final String database;
  private int runs;

  private FileSync(
      TestServer server,
      @Nullable S3Server store,
      @Nullable FaultProxy proxy,
      Path directory,
      String database) {
    this.server = server;
    this.store = store;
    this.proxy = proxy;
    this.directory = directory;
    this.database = database;
  }

  /**
   * Makes the source.
   *
   * @param store where the files are; null for a folder
   */
  static FileSync create(TestServer server, @Nullable S3Server store, Path directory)
      throws SQLException, IOException {
    Files.createDirectories(directory);
    FaultProxy proxy = null;
    if (store != null) {
      Files.createDirectories(store.objects().resolve(BUCKET));
      proxy = FaultProxy.before("127.0.0.1", store.port());
    }
    FileSync sync =
        new FileSync(server, store, proxy, directory, server.createDatabase("kill_files"));
    sync.createTables();
    return sync;
  }

  FaultProxy proxy() {
    FaultProxy own = proxy;
    assertThat(own).isNotNull();
    return java.util.Objects.requireNonNull(own);
  }

  Path runDirectory(String name) {
    return directory.resolve(name);
  }

  private void createTables() throws SQLException {
    StringBuilder insert = new StringBuilder("INSERT INTO src VALUES ");
    for (int i = 0; i < RECORDS; i++) {
      // Without a key: NULLs, and each row twice, which only counting can tell apart.
      String id = i % 50 == 0 ? "NULL" : String.valueOf(i / 2);
      String name = i % LONG_NAME_EVERY == 7 ? "much too long for the target " : "a \\\"b\\\",\\n";
      insert.append(i == 0 ? "" : ",").append('(').append(id).append(",'").append(name);
      insert.append("','2026-11-01 01:30:00.").append(100_000 + i / 2).append("')");
    }
    server.execute(
        database,
        "CREATE TABLE src (id BIGINT NULL, name VARCHAR(60), at DATETIME(6), KEY (id))",
        "CREATE TABLE dst (id BIGINT NULL, name VARCHAR(20), at DATETIME(6))",
        insert.toString());
  }

  /** From the table to files. */
  Run export(String run, boolean resume) throws IOException {
    Map<String, Object> writing = place("osswriter");
    writing.put("writeMode", "truncate");
    writing.put("fileFormat", "csv");
    if (store == null) {
      writing.put("fileName", "part");
    }
    return start(
        run,
        "export.json",
        Map.of(
            "name",
            "mysqlreader",
            "parameter",
            mysql(Map.of("splitPk", "id"), List.of("src"), true)),
        Map.of("name", store == null ? "txtfilewriter" : "osswriter", "parameter", writing),
        resume);
  }

  /** From files to the table. */
  Run load(String run, boolean resume) throws IOException {
    Map<String, Object> reading = place("ossreader");
    reading.put("splitBy", "volume");
    reading.put("maxSplitBytes", 20_000);
    reading.put("fileFormat", "csv");
    reading.put(
        "column",
        List.of(
            Map.of("index", 0, "type", "long"),
            Map.of("index", 1, "type", "string"),
            Map.of("index", 2, "type", "datetime")));
    return start(
        run,
        "load.json",
        Map.of("name", store == null ? "txtfilereader" : "ossreader", "parameter", reading),
        Map.of(
            "name",
            "mysqlwriter",
            "parameter",
            mysql(Map.of("writeMode", "insert"), List.of("dst"), false)),
        resume);
  }

  private Map<String, Object> place(String connector) {
    Map<String, Object> options = new HashMap<>();
    S3Server bucket = store;
    if (bucket == null) {
      options.put("path", directory.resolve("files").toString());
      return options;
    }
    options.put("endpoint", "http://127.0.0.1:" + proxy().port());
    options.put("bucket", BUCKET);
    options.put("accessId", S3Server.ACCESS_ID);
    options.put("accessKey", S3Server.ACCESS_KEY);
    String prefix = database + "/part";
    options.put("object", connector.endsWith("reader") ? prefix + "*" : prefix);
    return options;
  }

  private Map<String, Object> mysql(Map<String, Object> more, List<String> table, boolean reading) {
    Map<String, Object> options = new HashMap<>(more);
    options.put("username", server.user());
    options.put("password", server.password());
    options.put("column", List.of("id", "name", "at"));
    Object url = server.jdbcUrl(database) + "?sslMode=DISABLED";
    options.put(
        "connection", List.of(Map.of("table", table, "jdbcUrl", reading ? List.of(url) : url)));
    return options;
  }

  private Run start(
      String run,
      String file,
      Map<String, Object> reader,
      Map<String, Object> writer,
      boolean resume)
      throws IOException {
    Path task = directory.resolve(file);
    Map<String, Object> speed = Map.of("channel", 3, "record", 3_000);
    Files.writeString(
        task,
        JSON.writeValueAsString(
            Map.of(
                "job",
                Map.of(
                    "content",
                    List.of(Map.of("reader", reader, "writer", writer)),
                    "setting",
                    Map.of("speed", speed)))));
    return Run.start(task, runDirectory(run), directory.resolve("out-" + ++runs + ".log"), resume);
  }

  /** The files hold each row once, and nothing else is left. */
  void assertExported(Run.Result result) throws SQLException, IOException {
    assertThat(result.json().get("guarantee").asText()).isEqualTo("EXACTLY_ONCE");
    assertThat(result.json().get("written").asInt()).isEqualTo(RECORDS);
    List<String> rows = new ArrayList<>();
    S3Server bucket = store;
    Path folder =
        bucket == null
            ? directory.resolve("files")
            : bucket.objects().resolve(BUCKET).resolve(database);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(folder.relativize(file).toString()).matches("part__[0-9a-f]{16}_.*\\.csv");
        // The one name that is written holds one end of a line.
        String text = Files.readString(file).replace("\"\"", "\"").replace(",\n\"", ",\\n\"");
        rows.addAll(text.lines().toList());
      }
    }
    Collections.sort(rows);
    assertThat(rows).hasSize(RECORDS);
    List<String> expected =
        query(
            // Quotes keep the blank at the end, which DataX's reader leaves out without them.
            "SELECT CONCAT(IFNULL(id, '\\\\N'), ',', IF(name LIKE '%\\n%' OR name LIKE '% ',"
                + " CONCAT('\"', REPLACE(name, '\\n', '\\\\n'), '\"'), name), ',', at) FROM src");
    assertThat(rows).isEqualTo(expected);
  }

  /** The table holds each row once but the dirty ones, which are kept. */
  void assertLoaded(Run.Result result) throws SQLException, IOException {
    int dirty = RECORDS / LONG_NAME_EVERY;
    assertThat(result.json().get("guarantee").asText()).isEqualTo("EXACTLY_ONCE");
    assertThat(result.json().get("read").asInt()).isEqualTo(RECORDS);
    assertThat(result.json().get("dirty").asInt()).isEqualTo(dirty);
    String columns = "SELECT CONCAT_WS('|', IFNULL(id, 'NULL'), name, at) FROM ";
    assertThat(query(columns + "dst"))
        .isEqualTo(query(columns + "src WHERE CHAR_LENGTH(name) <= 20"));
  }

  /** How many splits a run planned; 0 before stage 2 has ended. */
  int planned(String run) {
    try (Stream<String> lines = Files.lines(runDirectory(run).resolve("state/splits.jsonl"))) {
      return (int) lines.count() - 1;
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      Collections.sort(found);
      return found;
    }
  }

  @Override
  public void close() throws SQLException {
    FaultProxy own = proxy;
    if (own != null) {
      own.close();
    }
    server.execute("", "DROP DATABASE `" + database + "`");
  }
}
