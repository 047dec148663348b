package io.millrace.scheduler.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.InlineConnections;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import io.millrace.scheduler.datasource.DataSourceImport.Imported;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSourceImportTest {

  private static final String DATAX =
      """
      { "job": { "setting": {"speed": {"channel": 2}, "errorLimit": {"percentage": 0.02}},
        "content": [{
          "reader": {"name": "mysqlreader", "parameter": {
            "username": "root", "password": "hunter2", "column": ["id", "'${bizdate}'"], "where": "a>1",
            "connection": [{"table": ["orders"], "jdbcUrl": ["jdbc:mysql://h:3306/shop"]}]}},
          "writer": {"name": "mysqlwriter", "parameter": {
            "username": "%s", "password": "hunter2", "column": ["id", "dt"], "preSql": ["delete from x"],
            "connection": [{"table": ["copy"], "jdbcUrl": "jdbc:mysql://h:3306/shop"}]}}}]}}
      """;

  private static Imported imported(String text) {
    return DataSourceImport.of("orders", text, "ann", Declarations.NONE, name -> false);
  }

  private static TaskSpec read(Imported imported) {
    Map<String, Map<String, Object>> sources = new LinkedHashMap<>();
    imported.dataSources().forEach(each -> sources.put(each.name(), each.options()));
    return TaskFiles.read(
        "orders",
        imported.script(),
        ReadSettings.defaults().withDataSources(name -> Optional.ofNullable(sources.get(name))));
  }

  @Test
  void aDataxFileLosesItsSecretsAndNothingElse() {
    Imported imported = imported(DATAX.formatted("root"));

    assertThat(imported.script()).doesNotContain("hunter2").doesNotContain("root");
    assertThat(imported.dataSources())
        .singleElement()
        .satisfies(
            source -> {
              assertThat(source.name()).isEqualTo("orders_mysql");
              assertThat(source.type()).isEqualTo("mysql");
              assertThat(source.options())
                  .isEqualTo(
                      Map.of(
                          "username", "root",
                          "password", "hunter2",
                          "jdbcUrl", List.of("jdbc:mysql://h:3306/shop")));
            });
    TaskSpec before = TaskFiles.read("orders", DATAX.formatted("root"), ReadSettings.defaults());
    TaskSpec after = read(imported);
    assertThat(after.settings()).isEqualTo(before.settings());
    assertThat(after.parameters()).isEqualTo(before.parameters());
    assertThat(after.reader().connector()).isEqualTo("mysqlreader");
    for (String key : List.of("username", "password", "column", "where")) {
      assertThat(after.reader().options().get(key)).isEqualTo(before.reader().options().get(key));
    }
    assertThat(after.reader().options())
        .containsEntry("jdbcUrl", List.of("jdbc:mysql://h:3306/shop"))
        .containsEntry("connection", List.of(Map.of("table", List.of("orders"))));
    assertThat(after.writer().options())
        .containsEntry("preSql", List.of("delete from x"))
        .containsEntry("connection", List.of(Map.of("table", List.of("copy"))));
  }

  @Test
  void eachDistinctConnectionIsOneDataSource() {
    assertThat(imported(DATAX.formatted("other")).dataSources())
        .extracting(NewDataSource::name)
        .containsExactly("orders_mysql", "orders_mysql_2");
    assertThat(
            DataSourceImport.of(
                    "orders",
                    DATAX.formatted("root"),
                    "a",
                    Declarations.NONE,
                    "orders_mysql"::equals)
                .dataSources())
        .extracting(NewDataSource::name)
        .containsExactly("orders_mysql_2");
  }

  @Test
  void severalDatabasesOfOneAccountGoWithItsPassword() {
    Imported imported =
        imported(
            DATAX
                .formatted("root")
                .replace(
                    "[{\"table\": [\"orders\"]",
                    "[{\"table\": [\"o2\"], \"jdbcUrl\": [\"jdbc:mysql://h2:3306/shop\"]},"
                        + " {\"table\": [\"orders\"]"));

    assertThat(imported.dataSources().get(0).options())
        .containsOnlyKeys("username", "password", "connection");
    assertThat(imported.script()).doesNotContain("jdbc:mysql://h2:3306/shop");
    assertThat(read(imported).reader().options().get("connection"))
        .isEqualTo(
            List.of(
                Map.of("jdbcUrl", List.of("jdbc:mysql://h2:3306/shop"), "table", List.of("o2")),
                Map.of(
                    "jdbcUrl", List.of("jdbc:mysql://h:3306/shop"), "table", List.of("orders"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reader: {mysql: {host: h, username: u, password: pw-1, table: t}}          | reader
          reader: {type: mysql, host: h, username: u, password: pw-1, table: t}      | reader
          reader: {mongodb: {address: [a], properties: {password: pw-1}, table: t}}  | reader
          reader: {mysql: {jdbcUrl: 'jdbc:mysql://u:pw-1@h/db', table: t}}           | reader
          """)
  void otherFormsAreTakenApartToo(String reader, String unused) {
    String text = reader + "\nwriter: {stream: {}}";
    Imported imported = imported(text);

    assertThat(imported.script()).doesNotContain("pw-1");
    assertThat(read(imported).reader().options())
        .isEqualTo(TaskFiles.read("orders", text, ReadSettings.defaults()).reader().options());
  }

  @Test
  void aFileWithoutSecretsStaysAsItIs() {
    String text = "# mine\nreader: {mysql: {datasource: shop, table: t}}\nwriter: {stream: }\n";

    assertThat(imported(text)).isEqualTo(new Imported(text, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {mysql: {password: '${db_password}'}}           | reader.mysql.password holds a parameter
          {mysql: {datasource: shop, password: hunter2}}  | names a data source and holds a secret beside it
          {mysql: {connection: [{a: {token: hunter2}}]}}  | reader.mysql.connection[0].a.token holds a secret that cannot be taken out
          """)
  void whatCannotBeTakenOutIsRefused(String reader, String message) {
    assertThatThrownBy(() -> imported("reader: " + reader + "\nwriter: {stream: }"))
        .hasMessageContaining(message)
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {mysql: {password: hunter2}}                                | reader.mysql.password
          {mysql: {password: 'x${part}hunter2'}}                      | reader.mysql.password
          {mysql: {properties: {sasl: {secret: [hunter2]}}}}          | reader.mysql.properties.sasl.secret[0]
          {mysql: {jdbcUrl: 'jdbc:mysql://h/d?password=hunter2'}}     | reader.mysql.jdbcUrl
          {oss: {accessKey: hunter2}}                                 | reader.oss.accessKey
          {mysql: {password: {file: hunter2}}}                        | reader.mysql.password.file
          """)
  void definitionsWithPlainSecretsAreRefused(String reader, String option) {
    assertThatThrownBy(
            () ->
                InlineConnections.refuseSecrets(
                    "orders", "reader: " + reader + "\nwriter: {stream: }", Declarations.NONE))
        .hasMessageStartingWith("orders: " + option + " holds a secret, which would be kept")
        .hasMessageNotContaining("hunter2");
    InlineConnections.refuseSecrets(
        "orders",
        "reader: {mysql: {datasource: a, password: ''}}\nwriter: {stream: }",
        Declarations.NONE);
  }
}
