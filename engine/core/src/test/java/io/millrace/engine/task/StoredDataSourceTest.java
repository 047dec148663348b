package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.Sensitive;
import io.millrace.api.option.ConfigOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write a task uses the secrets of a stored data source, and does not get them. */
class StoredDataSourceTest {

  private static final OptionRules RULES =
      OptionRules.of(
          List.of(
              ConfigOption.strings("jdbcUrl", "d")
                  .withAliases("url")
                  .asUrl(List.of())
                  .directsSecrets(),
              ConfigOption.string("host", "d").directsSecrets(),
              ConfigOption.integer("port", 1, 9, "d").directsSecrets(),
              ConfigOption.string("mechanism", "d").directsSecrets(),
              ConfigOption.string("username", "d"),
              ConfigOption.string("password", "d").asSecret(),
              ConfigOption.strings("table", "d"),
              ConfigOption.json("connection", "d")
                  .withContent(
                      List.of(
                          ConfigOption.strings("jdbcUrl", "d").directsSecrets(),
                          ConfigOption.strings("table", "d"))),
              ConfigOption.json("config", "d")
                  .withContent(
                      List.of(
                          ConfigOption.string("timeout", "d"),
                          ConfigOption.string("protocol", "d").directsSecrets()))));

  private static final OptionRules OTHER =
      OptionRules.of(
          List.of(
              ConfigOption.string("endpoint", "d").directsSecrets(),
              ConfigOption.string("password", "d").asSecret()));

  private final Map<String, Object> shop = new LinkedHashMap<>();

  StoredDataSourceTest() {
    shop.putAll(
        Map.of(
            "type", "mysql",
            "host", "db",
            "mechanism", "SCRAM",
            "password", "hunter2",
            "config", Map.of("protocol", "SSL")));
  }

  private final class Lookup implements DataSourceLookup {
    @Override
    public Optional<Map<String, Object>> find(String name) {
      return Optional.of(new LinkedHashMap<>(shop));
    }

    @Override
    public Declarations declarations() {
      return connector -> connector.equals("other") ? OTHER : RULES;
    }
  }

  private ReadSettings settings() {
    return ReadSettings.defaults()
        .withParameters(Map.of("where", "evil"))
        .withDataSources(new Lookup());
  }

  private ConnectorSpec read(String reader) {
    String text = "reader: {mysql: " + reader + "}\nwriter: {stream: }";
    return TaskFiles.read("t", text, settings()).reader();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {datasource: shop, jdbcUrl: 'jdbc:mysql://evil/d'}              | jdbcUrl
          {datasource: shop, url: ['jdbc:mysql://evil/d']}                | url[0]
          {datasource: shop, HOST: evil}                                  | HOST
          {datasource: shop, "ho\u017ft": evil}                          | ho\u017ft
          {datasource: shop, host: '${where}'}                            | host
          {datasource: shop, port: 1}                                     | port
          {datasource: shop, mechanism: ''}                               | mechanism
          {datasource: shop, connection: [{jdbcUrl: ['jdbc:x']}]}         | connection[0].jdbcUrl[0]
          {connection: [{datasource: shop, jdbcUrl: 'jdbc:x'}]}           | connection[0].jdbcUrl
          {connection: [{datasource: shop}, {datasource: b, HOST: evil}]} | HOST
          {connection: [{datasource: a}, {datasource: b}], url: jdbc:evil}| url
          {datasource: shop, connection: {anything: x}}                   | connection.anything
          {datasource: shop, config: {protocol: PLAINTEXT}}               | config.protocol
          {datasource: shop, config: {timeout: 3}}                        | config.protocol
          """)
  void aTaskDoesNotDecideWhereTheSecretGoes(String reader, String option) {
    assertRefusal(() -> read(reader.replace("\\u017f", "\u017f")))
        .contains("t: reader.mysql", " sets '")
        .contains("'" + option.replace("\\u017f", "\u017f") + "'")
        .contains("take it out, or set it in the data source")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{datasource: shop, table: orders, username: other}",
        "{datasource: shop, host: db}",
        "{datasource: shop, connection: [{table: [orders]}]}",
        "{datasource: shop, config: {protocol: SSL}}",
      })
  void aTaskSetsWhatIsHarmless(String reader) {
    assertThat(read(reader).options()).containsEntry("password", "hunter2");
  }

  @Test
  void aLookAtASourceIsHeldToTheSame() {
    assertRefusal(
            () ->
                TaskFiles.readSource(
                    "t", "reader: {mysql: {datasource: shop, host: evil}}", settings()))
        .contains("sets 'host'");
  }

  @Test
  void nothingIsTakenAwayByAnEmptyValue() {
    assertThat(read("{datasource: shop, mechanism: null, config: }").options())
        .containsEntry("mechanism", "SCRAM")
        .containsEntry("config", Map.of("protocol", "SSL"));
  }

  @Test
  void anotherKindOfConnectorDoesNotGetTheSecret() {
    shop.put("type", "other");

    assertRefusal(() -> read("{datasource: shop}"))
        .contains(
            "names a data source of type other that holds secrets, which connectors of another"
                + " type would send elsewhere");
    shop.put("type", "mysqlreader");
    assertThat(read("{datasource: shop}").options()).containsKey("password");
  }

  @Test
  void aParameterInADeclaredSecretIsHidden() {
    TaskSpec task =
        TaskFiles.read(
            "t",
            "reader: {mysql: {config: {unknown: 'x-${where}'}, table: '${name}'}}\n"
                + "writer: {stream: }",
            settings().withParameters(Map.of("where", "a-secret", "name", "orders")));

    assertThat(task.parameters().stream().map(Sensitive::plain))
        .containsExactly("${where}->***", "${name}->orders");
    assertThat(task.secrets().redact("a-secret")).isEqualTo("***");
  }

  @Test
  void parametersAreNotPutIntoADataSource() {
    shop.put("host", "${where}");

    assertThat(read("{datasource: shop}").options()).containsEntry("host", "${where}");
  }

  @Test
  void aDataSourceWithoutSecretsMayBeSentAnywhere() {
    shop.remove("password");
    shop.remove("config");

    assertThat(read("{datasource: shop, host: other}").options()).containsEntry("host", "other");
  }

  @Test
  void aFileOfDataSourcesKeepsItsFreedom(@org.junit.jupiter.api.io.TempDir java.nio.file.Path dir) {
    Fixture fixture = new Fixture(dir);
    fixture.write("datasources.yaml", "shop: {host: db, password: hunter2}");

    assertThat(
            fixture
                .read("reader: {mysql: {datasource: shop, host: other}}\nwriter: {stream: }")
                .reader()
                .options())
        .containsEntry("host", "other");
  }

  private static AbstractStringAssert<?> assertRefusal(ThrowingCallable reading) {
    return assertThat(Sensitive.plain(String.valueOf(catchThrowable(reading).getMessage())));
  }
}
