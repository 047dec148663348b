package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSourcesTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new Fixture(directory);
  }

  private static String task(String reader) {
    return "reader: {mysql: " + reader + "}\nwriter: {stream: }";
  }

  @Test
  void taskComesBeforeDataSource() {
    fixture.write("datasources.yaml", "shop: {jdbcUrl: a, username: u, fetchSize: 3}");

    TaskSpec task = fixture.read(task("{datasource: shop, USERNAME: mine, fetchsize: null}"));

    assertThat(task.reader().options())
        .containsEntry("USERNAME", "mine")
        .containsEntry("jdbcUrl", "a")
        .containsEntry("fetchSize", 3)
        .doesNotContainKey("username");
    assertThat(task.notes())
        .containsExactly("reader.mysql.username: the task's own value counts, not that of shop");
  }

  @Test
  void missingEntryNamesTheKnownOnesNearestFirst() {
    fixture.write("datasources.yaml", "warehouse: {a: 1}\nshops: {a: 1}");

    assertThat(fixture.error(task("{datasource: shop}")))
        .contains("reader.mysql names the data source 'shop', which is not in")
        .endsWith("; known are: shops, warehouse");
  }

  @Test
  void missingFileSaysWhatToDo() {
    assertThat(fixture.error(task("{datasource: shop}")))
        .contains("datasources.yaml does not exist: write it, or give another file");
  }

  @Test
  void fileWithCommentsOnlyHasNoEntries() {
    fixture.write("datasources.yaml", "# nothing yet\n");

    assertThat(fixture.error(task("{datasource: shop}")))
        .contains("names the data source 'shop', which is not in")
        .endsWith("datasources.yaml: no data source is in it, add this one");
  }

  @Test
  void fileIsReadOnlyWhenATaskNamesAnEntry() {
    fixture.write("datasources.yaml", "broken: [");

    assertThat(fixture.read(task("{datasource: ''}")).reader().options()).isEmpty();
    assertThat(fixture.error(task("{datasource: shop}"))).contains("datasources.yaml:1:");
  }

  @Test
  void differentTypeIsRemarked() {
    fixture.write("datasources.yaml", "shop: {type: postgresql}\nother: {type: MySQL}");

    assertThat(fixture.read(task("{datasource: shop}")).notes())
        .containsExactly("data source 'shop' is of type postgresql, but is used by mysql");
    assertThat(fixture.read(task("{datasource: other}")).notes()).isEmpty();
  }

  private static final String TWO = "connection: [{datasource: a, table: [t]}, {datasource: b}]";

  @Test
  void eachElementMayHaveADataSourceOfItsOwn() {
    fixture.write(
        "datasources.yaml",
        "a: {type: mysql, host: h1, port: 1, database: d, username: u, password: p1, session: s}\n"
            + "b: {type: mysql, jdbcUrl: u2, username: v, password: p2, session: s}");

    TaskSpec task = fixture.read(task("{" + TWO + ", splitPk: id}"));

    assertThat(task.reader().options())
        .isEqualTo(
            Map.of(
                "splitPk",
                "id",
                "session",
                "s",
                "connection",
                List.of(
                    Map.of(
                        "table",
                        List.of("t"),
                        "host",
                        "h1",
                        "port",
                        1,
                        "database",
                        "d",
                        "username",
                        "u",
                        "password",
                        "p1"),
                    Map.of("jdbcUrl", "u2", "username", "v", "password", "p2"))));
    assertThat(task.secrets().redact("p1 and p2")).doesNotContain("p1").doesNotContain("p2");
    assertThat(task.notes()).noneMatch(note -> note.contains("counts"));
  }

  @Test
  void whatSeveralDataSourcesSayOfAllTheTaskIsTheSameOrTheTasks() {
    fixture.write("datasources.yaml", "a: {host: h, session: s}\nb: {host: i}");

    assertThat(fixture.error(task("{" + TWO + "}")))
        .contains("'a' and 'b', which do not say the same of 'session'")
        .contains("set it in the task");
    assertThat(fixture.read(task("{" + TWO + ", session: x}")).reader().options())
        .containsEntry("session", "x");
  }

  @Test
  void severalDataSourcesStandInTheElementsAlone() {
    fixture.write("datasources.yaml", "a: {host: h}\nb: {host: i}\nc: {host: j}");

    assertThat(fixture.error(task("{datasource: c, " + TWO + "}")))
        .contains("names the data source 'c' beside others within 'connection'");
    assertThat(
            fixture.error(
                task("{connection: [{datasource: a}, {datasource: b}, {jdbcUrl: 'jdbc:x'}]}")))
        .contains("connection[2] names no data source");
    assertThat(fixture.error(task("{connection: [{datasource: a}, {datasource: z}]}")))
        .contains("connection[1] names the data source 'z'");
  }

  @Test
  void theSameDataSourceTwiceIsOne() {
    fixture.write("datasources.yaml", "a: {jdbcUrl: u}");

    assertThat(
            fixture
                .read(task("{connection: [{datasource: a, table: x}, {datasource: a, table: y}]}"))
                .reader()
                .options())
        .isEqualTo(
            Map.of(
                "jdbcUrl", "u", "connection", List.of(Map.of("table", "x"), Map.of("table", "y"))));
  }

  @Test
  void plainSecretsInAFileEverybodyReadsAreReported() throws Exception {
    Path file = fixture.write("datasources.yaml", "a: {password: p}\nb: {password: {env: X}}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(fixture.read(task("{datasource: a}")).notes())
        .singleElement()
        .asString()
        .contains("chmod 600");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(fixture.read(task("{datasource: a}")).notes()).isEmpty();
  }

  @Test
  void referencesAreFetchedWhereSecretsAreExpected() {
    fixture.write("key.pem", "line one of the key\r\nline two of the key\r\n");
    TaskSpec task =
        fixture.read(
            task(
                "{privateKey: {file: key.pem}, host: {env: WAREHOUSE_HOST},"
                    + " properties: {token: {env: WAREHOUSE_PASSWORD}},"
                    + " query: {file: stays}, accessKey: {env: a, more: b}}"));

    assertThat(task.reader().options())
        .isEqualTo(
            Map.of(
                "privateKey", "line one of the key\r\nline two of the key",
                "host", "wh.example.com",
                "properties", Map.of("token", "env-secret"),
                "query", Map.of("file", "stays"),
                "accessKey", Map.of("env", "a", "more", "b")));
    assertThat(task.secrets().redact("x line two of the key y env-secret wh.example.com"))
        .isEqualTo("x *** y *** ***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "database",
        "username",
        "user",
        "endpoint",
        "server",
        "region",
        "bucket",
        "accessId",
        "jdbcUrl",
        "url",
        "token"
      })
  void whatIsFetchedFromElsewhereIsASecretWhateverTheOptionIsCalled(String option) {
    fixture.write("datasources.yaml", "a: {" + option + ": {env: WAREHOUSE_HOST}}");
    for (String end : List.of("{" + option + ": {env: WAREHOUSE_HOST}}", "{datasource: a}")) {
      TaskSpec task = fixture.read(task(end));
      assertThat(task.reader().options()).containsEntry(option, "wh.example.com");
      assertThat(task.secrets().redact("cannot reach wh.example.com"))
          .isEqualTo("cannot reach ***");
    }
  }

  @Test
  void referencesThatLeadNowhereSaySo() {
    fixture.write("empty", "\n");

    assertThat(fixture.error(task("{password: {env: NOPE}}")))
        .contains(
            "reader.mysql.password.env names the environment variable NOPE, which is not set");
    assertThat(fixture.error(task("{password: {file: nope}}")))
        .contains("reader.mysql.password.file names the file")
        .contains("cannot be read: NoSuchFileException");
    assertThat(fixture.error(task("{password: {file: empty}}"))).contains("which is empty");
    assertThat(fixture.error(task("{password: {file: }}"))).contains("must name a file");
  }

  @Test
  void theShippedFileIsAllComments() {
    Path shipped = Path.of("..", "..", "conf", "datasources.yaml");

    assertThat(Documents.readOrEmpty(shipped, "data source file").isAbsent()).isTrue();
  }

  @Test
  void aFileThatEveryUserCanReadIsSaidOnceForAllItsEntries() throws Exception {
    Path file = fixture.write("datasources.yaml", "a: {password: pa}\nb: {password: pb}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    TaskSpec task =
        fixture.read("reader: {mysql: {datasource: a}}\nwriter: {mysql: {datasource: b}}");

    assertThat(task.notes()).singleElement().asString().contains("chmod 600");
  }
}
