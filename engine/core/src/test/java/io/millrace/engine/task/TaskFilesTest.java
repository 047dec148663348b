package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Sensitive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskFilesTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new Fixture(directory);
  }

  @Test
  void dataxJobAsItIsInRealLife() {
    TaskSpec task =
        TaskFiles.read(
            fixture.sample("datax-mysql.json"),
            fixture.settings("day", "2026-11-01", "target_password", "from-p-9"));

    assertThat(task.name()).isEqualTo("datax-mysql");
    assertThat(task.reader().connector()).isEqualTo("mysqlreader");
    Map<String, Object> reader = task.reader().options();
    assertThat(reader.get("where")).isEqualTo("dt = '20261122' and gmt_modified >= '2026-11-01'");
    assertThat(reader.get("column"))
        .isEqualTo(List.of("id", "name", "$[0]", "json_extract(doc, '$.a')"));
    assertThat(reader.get("connection"))
        .isEqualTo(
            List.of(
                Map.of(
                    "table",
                    List.of("orders_202611"),
                    "jdbcUrl",
                    List.of("jdbc:mysql://127.0.0.1:3306/shop?useSSL=false&password=inUrl42"))));
    assertThat(task.writer().options().get("password")).isEqualTo("from-p-9");
    assertThat(task.settings().channels()).isEqualTo(5);
    assertThat(task.settings().bytesPerSecond()).isEqualTo(5L << 20);
    assertThat(task.settings().recordsPerSecond()).isZero();
    assertThat(task.settings().dirtyLimit()).isEqualTo(DirtyLimit.ofRecords(0));
    assertThat(task.settings().zone()).isEqualTo(ZoneId.of("GMT+8"));
    assertThat(task.notes())
        .containsExactly(
            "entry.jvm has no meaning here",
            "core.transport.channel.class has no meaning here",
            "core.transport.channel.capacity has no meaning here",
            "job.setting.errorLimit.percentage does not count beside record, as in DataX");
    assertThat(task.parameters().stream().map(Sensitive::plain))
        .containsExactly(
            "${bizdate}->20261122",
            "$day->2026-11-01",
            "${yyyymm}->202611",
            "${target_password}->***");
    assertThat(task.secrets().redact("r00t-secret inUrl42 from-p-9 root"))
        .isEqualTo("*** *** *** root");
  }

  @Test
  void dataworksScriptAsItIsInRealLife() {
    fixture.sample("datasources.yaml");
    fixture.write("warehouse.secret", "file-secret\n");

    TaskSpec task = TaskFiles.read(fixture.sample("dataworks-mysql.json"), fixture.settings());

    assertThat(task.reader().connector()).isEqualTo("mysql");
    assertThat(task.reader().options())
        .containsEntry("jdbcUrl", "jdbc:mysql://db.example.com:3306/shop")
        .containsEntry("password", "plain-shop-secret")
        .containsEntry("where", "gmt_create >= 20261122")
        .containsEntry("connection", List.of(Map.of("table", List.of("orders"))))
        .doesNotContainKeys("datasource", "type");
    assertThat(task.writer().options())
        .containsEntry("host", "wh.example.com")
        .containsEntry("password", "file-secret")
        .containsEntry("table", "orders_copy")
        .doesNotContainKeys("datasource", "type");
    assertThat(task.settings().channels()).isEqualTo(2);
    assertThat(task.settings().bytesPerSecond()).isEqualTo(3L << 19);
    assertThat(task.settings().dirtyLimit()).isEqualTo(DirtyLimit.ofRecords(12));
    assertThat(task.settings().zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(task.notes())
        .contains(
            "setting.jvmOption counts only where a run has a process of its own: set MILLRACE_OPTS");
    assertThat(task.secrets().redact("file-secret plain-shop-secret wh.example.com"))
        .isEqualTo("*** *** ***");
  }

  @Test
  void shortFormAsItIsWrittenByHand() {
    fixture.sample("datasources.yaml");

    TaskSpec task =
        TaskFiles.read(
            fixture.sample("orders.yaml"), fixture.settings("n", "8", "extra", "'it''s'"));

    assertThat(task.name()).isEqualTo("daily orders");
    assertThat(task.reader().options())
        .containsEntry("column", List.of("id", "amount", "'it''s'"))
        .containsEntry("where", "dt >= '2026-11-22'")
        .containsEntry("username", "reader");
    assertThat(task.writer().connector()).isEqualTo("mysql");
    assertThat(task.writer().options())
        .containsEntry("password", "env-secret")
        .containsEntry("note", "no")
        .containsEntry("since", "2026-11-21")
        .containsEntry("code", "0123")
        .doesNotContainKey("type");
    assertThat(task.settings())
        .isEqualTo(
            TaskSettings.defaults(ZoneId.of("Asia/Shanghai"))
                .withChannels(8)
                .withRate(2L << 20, 1000)
                .withDirtyLimit(new DirtyLimit(10, 0.005))
                .withRetries(5, Duration.ofMillis(200))
                .withStallTimeout(Duration.ofSeconds(30)));
    assertThat(task.secrets().redact("env-secret")).isEqualTo("***");
  }

  @Test
  void shortFormNeedsLittle() {
    TaskSpec task = fixture.read("reader: {stream: }\nwriter: {stream: {print: true}}");

    assertThat(task.name()).isEqualTo("task");
    assertThat(task.reader().options()).isEmpty();
    assertThat(task.writer().options()).containsEntry("print", true);
    assertThat(task.settings()).isEqualTo(TaskSettings.defaults(Fixture.ZONE));
    assertThat(task.notes()).isEmpty();
  }

  @Test
  void shortFormMayBeJson() {
    assertThat(fixture.read("{\"reader\":{\"a\":{}},\"writer\":{\"b\":{}}}").writer().connector())
        .isEqualTo("b");
  }

  @Test
  void theOlderFormOfDataWorksMeansTheSame() {
    TaskSpec task =
        fixture.read(
            """
            {"type": "job", "version": "1.0", "configuration": {
              "reader": {"plugin": "mysql", "parameter": {"where": "dt = ${bizdate}"}},
              "writer": {"plugin": "oss", "parameter": {"object": "o"}},
              "setting": {"errorLimit": {"record": "7"}, "speed": {"concurrent": 3}}}}
            """);
    assertThat(task.reader().connector()).isEqualTo("mysql");
    assertThat(task.reader().options().get("where").toString()).matches("dt = \\d{8}");
    assertThat(task.writer().connector()).isEqualTo("oss");
    assertThat(task.writer().options()).containsEntry("object", "o");
    assertThat(task.settings().channels()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"job":{"content":[]}}                                 | job.content is missing
          {"job":{"content":{}}}                                 | job.content must be a list
          {"job":[1]}                                            | job must be an object, found a list
          {"job":{"content":[{"reader":{"name":"a"}}]}}          | job.content[0].writer is missing
          {"job":{"content":[{"reader":{"name":" "},"writer":{"name":"b"}}]}} | reader.name is missing
          {"job":{"content":[{"reader":{"name":"a","parameter":[1]},"writer":{"name":"b"}}]}} | parameter must be an object, found a list
          {"job":{"content":[{},{}]}}                            | job.content has 2 entries, and only one is supported
          {"job":{"content":[{"reader":{"name":"a"},"writer":{"name":"b"},"transformer":[{"name":"dx_filter"}]}]}} | job.content[0].transformer is refused
          {"job":{"preHandler":{"a":1},"content":[{"reader":{"name":"a"},"writer":{"name":"b"}}]}} | job.preHandler is refused
          {"job":{"setting":{"dryRun":true},"content":[{"reader":{"name":"a"},"writer":{"name":"b"}}]}} | job.setting.dryRun is refused
          {"common":{"column":{"dateFormat":"dd.MM.yyyy"}},"job":{"content":[{"reader":{"name":"a"},"writer":{"name":"b"}}]}} | common.column.dateFormat is refused
          {"content":[]}                                         | in a DataX file it stands below 'job'
          {"type":"job","steps":[]}                              | steps is missing
          {"type":"job","configuration":{"reader":{}}}           | configuration.reader.plugin is missing
          {"type":"job","version":"2.0","configuration":{"reader":{"plugin":"a"},"writer":{"plugin":"b"}}} | must be 1.0, found '2.0'
          {"type":"flow","steps":[{}]}                           | type must be job, found 'flow'
          {"version":"1.0","steps":[{}]}                         | version must be 2.0
          {"steps":[{"stepType":"a"}]}                           | steps[0].category is missing
          {"steps":[{"stepType":"a","category":"reader"}]}       | must have one step of category writer, found none
          {"steps":[{"category":"reader"},{"category":"Reader"}]}| must have one step of category reader, found 2
          {"steps":[{"category":"reader"},{"category":"writer"}]}| steps[0].stepType is missing
          {"steps":[{"category":"processor","stepType":"mask"}]} | steps[0] is refused: a step of category processor
          {"steps":[{"category":"processor","stepType":null,"parameter":{"nodes":[1]}}]} | steps[0] is refused
          {"reader":{"a":{}}}                                    | writer is missing
          {"reader":{"a":{},"b":{}},"writer":{"a":{}}}           | reader must be one connector's name
          {"reader":{"a":"x"},"writer":{"a":{}}}                 | reader must be one connector's name
          {"reader":"mysql","writer":{"a":{}}}                   | reader must be an object, found a text
          {"reader":{"a":{}},"writer":{"a":{}},"seting":{}}      | unknown key 'seting': did you mean 'setting'?
          {"reader":{"a":{}},"writer":{"a":{}},"zzzzzzzz":{}}    | unknown key 'zzzzzzzz'; known are name
          {"reader":{"a":{}},"writer":{"a":{}},"name":"a/b"}     | name must be made of letters
          []                                                     | must hold an object at the top
          # nothing                                              | the task file is empty
          """)
  void whatIsNotSupportedIsRefusedByName(String content, String message) {
    assertThat(fixture.error(content)).contains(message).contains("task.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{"from":"R","to":"W"}]                          | true
          [{"from":"R","to":"P"},{"from":"P","to":"W"}]    | true
          []                                               | true
          [{"from":"W","to":"R"}]                          | false
          [{"from":"R","to":"X"},{"from":"X","to":"W"}]    | false
          [{"from":"R","to":"W"},{"from":"R","to":"P"}]    | false
          [{"from":"R","to":"W"},{"from":"P","to":"W"}]    | false
          [{"from":"R","to":"P"},{"from":"P","to":"R"}]    | false
          [{"from":"R"}]                                   | false
          """)
  void hopsMustLeadFromReaderToWriter(String hops, boolean right) {
    String file =
        """
        {"steps":[
          {"category":"reader","stepType":"a","name":"R"},
          {"category":"processor","stepType":null,"name":"P"},
          {"category":"writer","stepType":"b","name":"W"}],
         "order":{"hops":%s}}"""
            .formatted(hops);

    if (right) {
      assertThat(fixture.read(file).writer().connector()).isEqualTo("b");
    } else {
      assertThat(fixture.error(file)).contains("order.hops");
    }
  }

  @Test
  void strictMakesStrayKeysErrors() {
    Path file = fixture.write("a.json", Fixture.datax("{\"restore\":{}}", ",\"x\":1"));

    assertThat(TaskFiles.read(file, fixture.settings()).notes())
        .containsExactly("x has no meaning here", "job.setting.restore has no meaning here");
    assertThat(Fixture.error(file, fixture.settings().withStrict(true)))
        .endsWith(
            "refused because of --strict: x has no meaning here; job.setting.restore has no meaning"
                + " here");
  }

  @Test
  void byteOrderMarkIsSkipped() {
    byte[] json = ("\uFEFF" + Fixture.datax("{}", "")).getBytes(StandardCharsets.UTF_8);
    byte[] yaml = ("\uFEFF" + Fixture.own("{}")).getBytes(StandardCharsets.UTF_8);
    byte[] wide = Fixture.own("{}").getBytes(StandardCharsets.UTF_16);

    for (byte[] content : List.of(json, yaml, wide)) {
      Path file = fixture.write("a", content);
      assertThat(TaskFiles.read(file, fixture.settings()).reader().connector())
          .startsWith("stream");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders.json", "orders", ".orders", "a.b.json", "ä ö.yaml", "x'y.json"})
  void nameComesFromTheFile(String name) {
    String expected = name.replaceAll("(?<=.)\\.(json|yaml)$", "").replaceAll("^\\.|'", "_");

    assertThat(TaskFiles.read(fixture.write(name, Fixture.own("{}")), fixture.settings()).name())
        .isEqualTo(expected);
  }

  @Test
  void taskDoesNotPrintItsOptions() {
    TaskSpec task = fixture.read("reader: {a: {password: hunter2}}\nwriter: {b: {}}");

    assertThat(task.toString()).doesNotContain("hunter2");
  }

  @Test
  void aTaskMayComeAsAText() {
    String text = "reader: {stream: {}}\nwriter: {stream: {}}\n";
    TaskSpec task = TaskFiles.read("orders/daily", text, ReadSettings.defaults());
    assertThat(task.name()).isEqualTo("orders_daily");
    assertThatThrownBy(() -> TaskFiles.read("orders", "{", ReadSettings.defaults()))
        .hasMessageStartingWith("orders:1:");
    assertThatThrownBy(() -> TaskFiles.read("orders", "# nothing", ReadSettings.defaults()))
        .hasMessage("orders: the task is empty");
  }
}
