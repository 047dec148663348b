package io.millrace.mysql.write;

import io.millrace.api.Connector;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.mysql.MySqlConnector;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import io.millrace.testkit.server.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What every writer promises, kept by each way of writing of this one. */
abstract class AbstractWriterContractIT extends WriterContractTest {

  private final List<String> databases = new ArrayList<>();
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final Map<String, String> own;

  /**
   * @param own the options that make this way of writing
   */
  AbstractWriterContractIT(Map<String, String> own) {
    this.own = own;
  }

  abstract TestServer server();

  @AfterEach
  void cleanUp() throws SQLException {
    proxies.forEach(FaultProxy::close);
    for (String database : databases) {
      server().execute("", "DROP DATABASE `" + database + "`");
    }
  }

  @Override
  protected Connector connector() {
    return new MySqlConnector();
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability != WriterAbility.STAGES || own.containsKey("publish");
  }

  @Override
  protected Set<TypeCase> types() {
    // A BOOLEAN reads as the integer it is; MySQL knows no infinity and no TIMESTAMP before 1970.
    return EnumSet.complementOf(
        EnumSet.of(TypeCase.BOOLEAN, TypeCase.FLOAT64_SPECIAL, TypeCase.TIMESTAMP_WIDE));
  }

  @Override
  protected TargetFixture target(Schema schema) throws Exception {
    String database = create(schema);
    return fixture(database, server().jdbcUrl(database));
  }

  @Override
  protected RefusedRecords refusedRecords() throws Exception {
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("text", ColumnType.STRING).withMaxLength(5));
    List<List<Object>> records = new ArrayList<>();
    for (long i = 0; i < 400; i++) {
      boolean sameKey = i == 300 && !"insert ignore".equals(own.get("writeMode"));
      boolean tooLong = i == 123 || (i == 300 && !sameKey);
      records.add(List.of(sameKey ? 7L : i, tooLong ? "too long" : "n" + i));
    }
    return new RefusedRecords(
        target(schema), Sample.of(schema, records.toArray(List<?>[]::new)), Set.of(123, 300));
  }

  @Override
  protected StallingTarget stallingTarget(Schema schema) throws Exception {
    FaultProxy proxy = FaultProxy.before(server().host(), server().port());
    proxies.add(proxy);
    String database = create(schema);
    return new StallingTarget(
        fixture(database, server().jdbcUrl(database, proxy.port())), proxy::hang);
  }

  private String create(Schema schema) throws SQLException {
    String database = server().createDatabase("contract");
    databases.add(database);
    List<String> columns =
        schema.fields().stream().map(field -> "`" + field.name() + "` " + type(field)).toList();
    server()
        .execute(
            database,
            "SET sql_mode = ''",
            "CREATE TABLE t (" + String.join(", ", columns) + ", PRIMARY KEY (id)) ENGINE=InnoDB");
    return database;
  }

  private TargetFixture fixture(String database, String url) {
    Map<String, Object> options = new HashMap<>(account(url));
    options.putAll(own);
    return new TargetFixture(options, () -> look(account(server().jdbcUrl(database))));
  }

  private Map<String, Object> account(String url) {
    return Map.of(
        "jdbcUrl", url, "username", server().user(), "password", server().password(), "table", "t");
  }

  private List<List<@Nullable String>> look(Map<String, Object> options) {
    var factory = connector().reader().orElseThrow();
    TestContext context = TestContext.create();
    List<List<@Nullable String>> records = new ArrayList<>();
    Map<String, Object> all = new HashMap<>(options);
    all.put("column", List.of("*"));
    try (Reader reader =
        factory.create(Options.check(factory.options(), all).options(), context.task())) {
      Schema schema = reader.schema(context);
      for (Split split : reader.split(new SplitRequest(1), context).splits()) {
        try (SplitReader rows = reader.open(split, context)) {
          boolean more = true;
          while (more) {
            RecordBatch batch = new RecordBatch(schema, 1 << 20, 1000);
            more = rows.read(batch);
            records.addAll(Records.texts(batch));
          }
        }
      }
    }
    return records;
  }

  private static String type(Field field) {
    String unsigned = field.unsigned() ? " UNSIGNED" : "";
    String nullable = field.nullable() ? " NULL" : " NOT NULL";
    String type =
        switch (field.type()) {
          case BOOLEAN -> "BOOLEAN";
          case INT64 ->
              Map.of(8, "TINYINT", 16, "SMALLINT", 24, "MEDIUMINT", 32, "INT", 64, "BIGINT")
                      .get(field.bits())
                  + unsigned;
          case FLOAT64 -> field.bits() == 32 ? "FLOAT" : "DOUBLE";
          case DECIMAL -> "DECIMAL(" + field.precision() + "," + field.scale() + ")";
          case STRING -> field.maxLength() == 0 ? "LONGTEXT" : "VARCHAR(" + field.maxLength() + ")";
          case JSON -> "JSON";
          case BYTES -> "VARBINARY(" + field.maxLength() + ")";
          case TIME -> "TIME(6)";
          case DATE -> "DATE";
          case DATETIME -> "DATETIME(6)";
          case TIMESTAMP -> "TIMESTAMP(6)";
        };
    return type + nullable;
  }
}
