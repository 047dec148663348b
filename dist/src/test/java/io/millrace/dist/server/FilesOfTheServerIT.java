package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A developer tries to read and to change the server's own files, by previews and by tasks. */
@Timeout(240)
class FilesOfTheServerIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void makeFiles() throws IOException {
    directory = directory.toRealPath();
    root = Files.createDirectories(directory.resolve("data/files"));
    Files.writeString(root.resolve("a.csv"), "1\n");
    Files.createSymbolicLink(root.resolve("conf"), directory.resolve("conf"));
    Files.createSymbolicLink(root.resolve("key"), directory.resolve("data/data-sources.key"));
    Files.createSymbolicLink(root.resolve("runs"), directory.resolve("data/runs"));
  }

  private List<String> paths() {
    return List.of(
        directory + "/data/data-sources.key",
        directory + "//data/./data-sources.key",
        root + "/../data-sources.key",
        root + "/key",
        root + "/conf/millrace.yaml",
        root + "/conf/*",
        root + "/**/*.yaml",
        directory + "/data/*",
        directory + "/conf/",
        "/proc/self/root" + directory + "/data/data-sources.key",
        "/proc/self/cwd/conf/*",
        "/proc/self/environ",
        "/dev/fd/*",
        "/etc/passwd");
  }

  private static String reader(String path) {
    return "reader:\n  files:\n    path: \""
        + path
        + "\"\n    fieldDelimiter: \"\\u0001\"\n    column: [{index: 0, name: line, type: string}]\n";
  }

  private static String writer(String path, String mode) {
    return "writer:\n  files: {path: \"" + path + "\", fileName: new, writeMode: " + mode + "}\n";
  }

  @Test
  void noPreviewAndNoTaskReachesThem() throws Exception {
    try (LiveServer server = LiveServer.start(directory, "server.port: 0")) {
      for (String path : paths()) {
        HttpResponse<String> look =
            server.send(
                "POST",
                "/tasks/source",
                Map.of("definition", Map.of("script", reader(path)), "records", 10));
        assertThat(look.statusCode()).as(path + ": " + look.body()).isEqualTo(422);
        assertRefused(path, JSON.readTree(look.body()).path("detail").asText());
      }
      // A parameter becomes a part of the path after the document was looked at.
      HttpResponse<String> look =
          server.send(
              "POST",
              "/tasks/source",
              Map.of(
                  "definition",
                  Map.of(
                      "script",
                      reader(root + "/${where}/data-sources.key"),
                      "parameters",
                      Map.of("where", ".."))));
      assertThat(look.body()).contains("outside of files.roots");
      anExportReachesNothing(server);
      noDocumentNamesAFileOrAVariable(server);
      TreeMap<String, Long> before = content();
      nothingIsWrittenThere(server);
      assertThat(content()).isEqualTo(before);
      whatIsInTheFolderIsReadAndWritten(server);
    }
  }

  private void assertRefused(String path, String message) throws IOException {
    assertThat(message)
        .as(path)
        .contains("outside of files.roots (" + root + "): add ")
        .endsWith("to files.roots in " + directory.resolve("conf/millrace.yaml"))
        .doesNotContain("\n", Files.readString(directory.resolve("data/data-sources.key")).strip());
  }

  private void anExportReachesNothing(LiveServer server) throws Exception {
    int number = 0;
    for (String path : List.of(root + "/key", root + "/conf/*", "/proc/self/environ")) {
      String name = "reads-" + number++;
      assertFails(server, name, path, where -> reader(where) + writer(root + "/out", "append"));
    }
    assertThat(root.resolve("out")).doesNotExist();
  }

  private void nothingIsWrittenThere(LiveServer server) throws Exception {
    int number = 0;
    for (String path :
        List.of(
            Distribution.home().resolve("plugins").toString(),
            Distribution.home() + "/lib",
            directory + "/conf",
            directory + "/data",
            directory + "/data/runs",
            root + "/runs",
            root + "/conf",
            root + "/../runs",
            "/proc/self/root" + directory + "/data/runs")) {
      for (String mode : List.of("append", "truncate")) {
        String name = "writes-" + number++;
        assertFails(server, name, path, where -> reader(root + "/a.csv") + writer(where, mode));
      }
    }
  }

  /** A task that names the path is not published; one that has it from a parameter fails. */
  private void assertFails(
      LiveServer server, String name, String path, UnaryOperator<String> scriptOf)
      throws Exception {
    String script = scriptOf.apply(path) + "setting: {channels: 1}\n";
    long task = make(server, name, Map.of("script", script));
    HttpResponse<String> published = server.send("POST", "/tasks/" + task + "/publish", Map.of());
    assertThat(published.statusCode()).as(script).isEqualTo(422);
    assertThat(published.body()).as(script).contains("outside of files.roots");

    String given = scriptOf.apply("${where}") + "setting: {channels: 1}\n";
    task =
        make(server, name + "-given", Map.of("script", given, "parameters", Map.of("where", path)));
    server.json("POST", "/tasks/" + task + "/publish", Map.of());
    long instance = server.json("POST", "/tasks/" + task + "/run", null).path("instance").asLong();
    assertThat(server.await(instance, "SUCCEEDED", "FAILED")).as(given).isEqualTo("FAILED");
    HttpResponse<String> log = server.get("/instances/" + instance + "/attempts/1/log");
    assertThat(log.body()).as(given).contains("outside of files.roots");
  }

  private static long make(LiveServer server, String name, Map<String, Object> definition)
      throws Exception {
    return server
        .json("POST", "/tasks", Map.of("name", name, "definition", definition))
        .path("id")
        .asLong();
  }

  private void noDocumentNamesAFileOrAVariable(LiveServer server) throws Exception {
    for (String secret :
        List.of(
            "{file: " + directory + "/data/data-sources.key}",
            "{file: ../data/data-sources.key}",
            "{env: MILLRACE_CONF}")) {
      String script =
          "reader:\n  mysql: {host: 127.0.0.1, port: 1, database: d, table: t, username: u,"
              + " password: "
              + secret
              + "}\n";
      HttpResponse<String> look =
          server.send("POST", "/tasks/source", Map.of("definition", Map.of("script", script)));
      assertThat(look.statusCode()).as(look.body()).isBetween(400, 422);
      HttpResponse<String> saved =
          server.send(
              "POST",
              "/tasks",
              Map.of(
                  "name",
                  "names-" + secret.hashCode(),
                  "definition",
                  Map.of("script", script + "writer:\n  stream: {}\n")));
      if (saved.statusCode() < 300) {
        long task = JSON.readTree(saved.body()).path("id").asLong();
        saved = server.send("POST", "/tasks/" + task + "/publish", Map.of());
      }
      assertThat(saved.statusCode()).as(saved.body()).isBetween(400, 422);
    }
  }

  private void whatIsInTheFolderIsReadAndWritten(LiveServer server) throws Exception {
    JsonNode seen =
        server.json(
            "POST",
            "/tasks/source",
            Map.of("definition", Map.of("script", reader(root + "/a.csv")), "records", 10));
    assertThat(seen.path("records")).hasSize(1);
    long instance =
        server.run("copies", reader(root + "/a.csv") + writer(root + "/out", "truncate"));
    assertThat(server.await(instance, "SUCCEEDED", "FAILED")).isEqualTo("SUCCEEDED");
    try (Stream<Path> files = Files.list(root.resolve("out"))) {
      assertThat(files).hasSize(1);
    }
  }

  /** The server's own files that no run changes, with their sizes. */
  private TreeMap<String, Long> content() throws IOException {
    TreeMap<String, Long> content = new TreeMap<>();
    for (Path top :
        List.of(
            directory.resolve("conf"),
            Distribution.home().resolve("plugins"),
            Distribution.home().resolve("lib"))) {
      try (Stream<Path> files = Files.walk(top)) {
        for (Path file : files.toList()) {
          content.put(file.toString(), Files.isDirectory(file) ? 0 : Files.size(file));
        }
      }
    }
    content.put("key", Files.size(directory.resolve("data/data-sources.key")));
    return content;
  }

  @Test
  void aRootThatHoldsTheServersFilesIsRefusedAtStart() throws Exception {
    for (String roots :
        List.of("/", directory.toString(), directory + "/data", directory + "/conf, /tmp")) {
      Distribution.Ended refused =
          LiveServer.distribution(directory, "server.port: 0\nfiles.roots: " + roots).run("server");
      assertThat(refused.exitCode()).as(roots).isNotZero();
      assertThat(refused.errors())
          .singleElement()
          .asString()
          .contains("files.roots: ", "which is the server's own");
    }
  }
}
