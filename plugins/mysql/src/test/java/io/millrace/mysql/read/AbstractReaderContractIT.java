package io.millrace.mysql.read;

import io.millrace.api.Connector;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import io.millrace.mysql.MySqlConnector;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import io.millrace.testkit.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** What every reader promises, kept by this one. */
abstract class AbstractReaderContractIT extends ReaderContractTest {

  private final List<String> databases = new ArrayList<>();
  private final List<FaultProxy> proxies = new ArrayList<>();

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
  protected Set<TypeCase> types() {
    // A BOOLEAN reads as the integer it is; MySQL knows no infinity and no TIMESTAMP before 1970.
    return EnumSet.complementOf(
        EnumSet.of(TypeCase.BOOLEAN, TypeCase.FLOAT64_SPECIAL, TypeCase.TIMESTAMP_WIDE));
  }

  @Override
  protected SourceFixture source(Sample sample) throws Exception {
    String database = fill(sample);
    return SourceFixture.holding(sample, options(server().jdbcUrl(database)));
  }

  @Override
  protected StallingSource stallingSource(Sample sample) throws Exception {
    FaultProxy proxy = FaultProxy.before(server().host(), server().port());
    proxies.add(proxy);
    String database = fill(sample);
    // Far more than the buffers on the way hold, so that the reader has to wait.
    server()
        .execute(
            database,
            "ALTER TABLE t ADD filler LONGTEXT",
            "UPDATE t SET filler = REPEAT('x', 100000)");
    return new StallingSource(
        SourceFixture.holding(sample, options(server().jdbcUrl(database, proxy.port()))),
        proxy::hang);
  }

  private Map<String, Object> options(String url) {
    return Map.of(
        "jdbcUrl",
        url,
        "username",
        server().user(),
        "password",
        server().password(),
        "table",
        "t",
        "splitPk",
        "id");
  }

  private String fill(Sample sample) throws SQLException {
    String database = server().createDatabase("contract");
    databases.add(database);
    List<Field> fields = sample.schema().fields();
    List<String> columns =
        fields.stream().map(field -> "`" + field.name() + "` " + type(field)).toList();
    try (Connection connection = server().connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES'");
      statement.execute(
          "CREATE TABLE t (" + String.join(", ", columns) + ", PRIMARY KEY (id)) ENGINE=InnoDB");
      for (int row = 0; row < sample.size(); row += 100) {
        insert(statement, sample.batch(), row, Math.min(row + 100, sample.size()));
      }
    }
    return database;
  }

  private static void insert(Statement statement, RecordBatch batch, int from, int to)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    for (int row = from; row < to; row++) {
      List<String> values = new ArrayList<>();
      for (int column = 0; column < batch.schema().size(); column++) {
        values.add(literal(batch, column, row));
      }
      rows.add("(" + String.join(", ", values) + ")");
    }
    statement.execute("INSERT INTO t VALUES " + String.join(", ", rows));
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

  private static String literal(RecordBatch batch, int column, int row) {
    String text = Texts.text(batch.column(column), row);
    if (text == null) {
      return "NULL";
    }
    ColumnType type = batch.schema().field(column).type();
    return switch (type) {
      case BOOLEAN, INT64, DECIMAL -> text;
      case FLOAT64 -> text.contains("E") ? text : text + "E0";
      case STRING, JSON, BYTES -> {
        String hex = HexFormat.of().formatHex(((BytesColumn) batch.column(column)).get(row));
        yield type == ColumnType.BYTES ? "X'" + hex + "'" : "_utf8mb4 X'" + hex + "'";
      }
      case TIME, DATE, DATETIME -> "'" + text + "'";
      case TIMESTAMP -> "'" + text.replace("Z", "") + "'";
    };
  }
}
