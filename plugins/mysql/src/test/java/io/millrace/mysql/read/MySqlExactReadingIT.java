package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext.Rules;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reader against MySQL. */
final class MySqlExactReadingIT extends AbstractExactReadingIT {

  private static final Schema MYSQL_JSON =
      Schema.of(
          Field.of("id", ColumnType.INT64), Field.of("c", ColumnType.JSON).withNativeType("json"));

  private static final Schema MARIADB_JSON =
      Schema.of(
          Field.of("id", ColumnType.INT64),
          Field.of("c", ColumnType.STRING).withNativeType("longtext charset utf8mb4"));

  /** Whole documents that JSON has a form for. */
  private static final List<String> JSON =
      List.of(
          "NULL",
          "'{}'",
          "'[]'",
          "'null'",
          "'\"2020-01-01\"'",
          "'{\"a\": 1.5, \"b\": [1, 2.25, {\"c\": null, \"d\": true}]}'",
          "JSON_ARRAY(1e300, -0e0, 1e-320, 0.1e0, 123456789012345678e0)",
          "JSON_ARRAY('base64:type15:AAA=', '1.50', 18446744073709551615)",
          "JSON_ARRAY(CAST(5 AS DECIMAL(10,0)))",
          "JSON_ARRAY(CAST(5 AS DECIMAL(10,0)), 1.5e0)",
          "JSON_ARRAY(POINT(1, 2))",
          "CONCAT(REPEAT('[', 99), '1.5', REPEAT(']', 99))");

  private static final List<String> DECIMALS =
      List.of(
          "CAST(1.5 AS JSON)",
          "JSON_OBJECT('a', 1.5)",
          "JSON_OBJECT('a', 1.50)",
          "JSON_OBJECT('', 1.5)",
          "JSON_OBJECT('q\"w', 1.5)",
          "JSON_OBJECT('$**.a[0]', 1.5)",
          "JSON_ARRAY(JSON_ARRAY(JSON_ARRAY(1.5)))",
          "JSON_ARRAY('x', JSON_OBJECT('a b', JSON_ARRAY(0.25)))",
          "JSON_ARRAY(12345678901234567890.12345678901234567890)");

  private static final List<String> OTHERS =
      List.of(
          "CAST(DATE '2020-01-01' AS JSON)",
          "JSON_OBJECT('a', TIME '10:00:00')",
          "JSON_OBJECT('a', JSON_OBJECT('b', JSON_ARRAY(TIMESTAMP '2020-01-01 00:00:00')))",
          "JSON_ARRAY(1.5, DATE '2020-01-01')",
          "JSON_ARRAY(x'00ff')",
          "JSON_ARRAY(b'101')",
          "JSON_ARRAY((SELECT t FROM stamps))");

  @Override
  TestServer server() {
    return TestServers.mysql();
  }

  @Test
  void aDocumentThatIsNotAllJsonIsDirtyOnItsWayIntoAnotherMySql() throws Exception {
    documents();
    List<String> decimals = ids(JSON.size(), DECIMALS.size());
    List<String> others = ids(JSON.size() + DECIMALS.size(), OTHERS.size());
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      reading.target = MYSQL_JSON;
      assertThat(reading.rows(3)).extracting(row -> row.get(0)).isEqualTo(ids(0, JSON.size()));
      assertThat(dirtyIds(reading, "JSON_DECIMAL")).isEqualTo(decimals);
      assertThat(dirtyIds(reading, "JSON_OPAQUE")).isEqualTo(others);
      assertThat(reading.schema().field(1).nativeType()).isEqualTo("json");
      assertThat(reading.dirty).allMatch(line -> line.contains("CAST(column AS CHAR)"));
      assertThat(reading.dirtyValues)
          // Its text is whole, and would be written as what it must not become.
          .allMatch(values -> values.get(1).kept() == Kept.CUT)
          .anyMatch(values -> "{\"a\": 1.50}".equals(values.get(1).text()))
          .anyMatch(values -> "\"2020-01-01\"".equals(values.get(1).text()));
    }
  }

  @Test
  void whereTheTaskLetsTheServerRoundADecimalMayBecomeADoubleAndADateNoString() throws Exception {
    documents();
    Rules round = Rules.OWN.withNarrowing(Narrowing.ROUND);
    try (Reading reading = Reading.of(server(), database(), round, "table", "t")) {
      reading.target = MYSQL_JSON;
      assertThat(reading.rows(1)).hasSize(JSON.size() + DECIMALS.size());
      assertThat(dirtyIds(reading, "JSON_OPAQUE"))
          .isEqualTo(ids(JSON.size() + DECIMALS.size(), OTHERS.size()));
    }
  }

  @Test
  void elsewhereADocumentIsItsText() throws Exception {
    documents();
    int all = JSON.size() + DECIMALS.size() + OTHERS.size();
    for (Schema target : new Schema[] {null, MARIADB_JSON}) {
      try (Reading reading = read("table", "t")) {
        reading.target = target;
        assertThat(reading.rows(1)).hasSize(all);
        assertThat(reading.dirty).isEmpty();
      }
    }
    List<String> asText = List.of("id", "CAST(c AS CHAR)");
    try (Reading reading = read("table", "t", "column", asText)) {
      reading.target = MYSQL_JSON;
      assertThat(reading.rows(1)).hasSize(all);
      assertThat(reading.dirty).isEmpty();
    }
  }

  @Test
  void anExpressionThatMakesADocumentOfARowIsLookedAtToo() throws Exception {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, v DECIMAL(8,2), millrace_value JSON)",
        "INSERT INTO t VALUES (1, 1.5, '{}'), (2, NULL, JSON_ARRAY(2.5))");
    List<String> columns = List.of("id", "JSON_OBJECT('v', v) -- the price");
    try (Reading reading = read("table", "t", "column", columns)) {
      reading.target = MYSQL_JSON;
      assertThat(reading.rows(1)).containsExactly(List.of("2", "{\"v\": null}"));
      assertThat(dirtyIds(reading, "JSON_DECIMAL")).containsExactly("1");
    }
    try (Reading reading = read("table", "t", "column", List.of("id", "millrace_value"))) {
      reading.target = MYSQL_JSON;
      assertThat(reading.rows(1)).containsExactly(List.of("1", "{}"));
    }
    try (Reading reading = read("table", "t", "column", List.of("count(*)", "JSON_ARRAYAGG(v)"))) {
      reading.target = MYSQL_JSON;
      assertThat(reading.rows(1)).hasSize(1);
    }
  }

  /** Then the writer goes by what it sees in the text. */
  @Test
  void aDocumentThatIsNotLookedAtSaysSoInItsType() throws Exception {
    documents();
    String type = "json as text";
    try (Reading reading = read("querySql", List.of("SELECT id, c FROM t"))) {
      assertThat(reading.schema().field(1).nativeType()).isEqualTo(type);
    }
    List<String> columns = List.of("count(*)", "JSON_ARRAYAGG(c)");
    try (Reading reading = read("table", "t", "column", columns)) {
      assertThat(reading.schema().field(1).nativeType()).isEqualTo(type);
    }
    try (Reading reading = read("table", "t", "column", List.of("id", "JSON_ARRAY(c)"))) {
      assertThat(reading.schema().field(1).nativeType()).isEqualTo("json");
    }
  }

  private void documents() throws Exception {
    sql(
        "CREATE TABLE stamps (t TIMESTAMP(3) NULL)",
        "INSERT INTO stamps VALUES ('2020-01-01 00:00:00')",
        "CREATE TABLE t (id INT PRIMARY KEY, c JSON)");
    List<String> all = new ArrayList<>(JSON);
    all.addAll(DECIMALS);
    all.addAll(OTHERS);
    for (int i = 0; i < all.size(); i++) {
      sql("INSERT INTO t SELECT " + (i + 1) + ", " + all.get(i));
    }
  }

  private static List<String> ids(int before, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ids.add(Integer.toString(before + i));
    }
    return ids;
  }

  private static List<String> dirtyIds(Reading reading, String code) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < reading.dirty.size(); i++) {
      if (reading.dirty.get(i).contains(code)) {
        ids.add(reading.dirtyValues.get(i).get(0).text());
      }
    }
    return ids;
  }
}
