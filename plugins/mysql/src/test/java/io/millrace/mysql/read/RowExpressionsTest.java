package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RowExpressionsTest {

  private static String dependence(String sql) {
    return RowExpressions.dependence(
        sql, true, name -> Set.of("id", "v", "name", "count").contains(name.toLowerCase()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id",
        "ID + 1",
        "`odd name` * 2 + t.v - db.t.id",
        "'count(1) @x rand()'",
        "v /* count(1) */ + 1 -- sum(v)",
        "count + 1",
        "`limit`",
        "1.5e3 + 0x1F + .5 - 1e-5 + 0b11",
        "concat(upper(name), '-', lpad(id, 5, '0'))",
        "CASE WHEN v IS NULL THEN 'a' WHEN v IN (1, 2) OR NOT (id BETWEEN 1 AND 2) THEN x'41' END",
        "cast(v AS DECIMAL(10,2)) + convert(name USING utf8mb4)",
        "name COLLATE utf8mb4_bin LIKE '%a' ESCAPE '|'",
        "id >= DATE '2024-01-01' + INTERVAL 1 DAY_HOUR",
        "extract(YEAR_MONTH FROM v) = 202401",
        "_utf8mb4'x' = n'x' AND name = _binary 'y'",
        "v >= now() - interval 1 day and v < current_timestamp and v > curdate()",
        "name -> '$.a' = 'b' AND name ->> '$.count(1)' = 1",
        "(id > 1) AND(v < 2)",
        "cast(name as char character set latin1)",
        "binary name = 'x'"
      })
  void whatDependsOnItsRowAloneMayBeCut(String sql) {
    assertThat(dependence(sql)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "count(1) | count()",
        "COUNT (*) | count()",
        "sum/* of all */(v) | sum()",
        "1 + max(id) | max()",
        "row_number() over (order by id) | row_number()",
        "avg(distinct v) | avg()",
        "group_concat(name order by id) | group_concat()",
        "json_arrayagg(v) | json_arrayagg()",
        "@x := @x + 1 | a variable",
        "@@session.timestamp | a variable",
        "id IN (SELECT max(id) FROM t) | a subquery",
        "exists(select 1 from u) | exists()",
        "rand() < 0.1 | rand()",
        "rand(5) | rand()",
        "uuid() | uuid()",
        "sysdate() | sysdate()",
        "connection_id() | connection_id()",
        "last_insert_id() | last_insert_id()",
        "found_rows() | found_rows()",
        "my_function(v) | my_function()",
        "db.concat(v) | concat()",
        "`f`(v) | `f`()",
        "nextval(s) | nextval()",
        "next value for s | the word next",
        "s.nextval | the word nextval",
        "rownum | the word rownum",
        "id /*!50000 + count(1) */ | a comment that is run",
        "id /*M! + count(1) */ | a comment that is run",
        "id limit 10 | the word limit"
      })
  void whatMayDependOnOtherRowsOrTheStatementIsNamed(String sql, String reason) {
    assertThat(dependence(sql)).isEqualTo(reason);
  }

  @Test
  void aStringEndsWhereTheSessionSaysThatItEnds() {
    String sql = "concat('\\', count(1), '\\', '')";
    Set<String> none = Set.of();
    assertThat(RowExpressions.dependence(sql, false, none::contains)).isEqualTo("count()");
    assertThat(RowExpressions.dependence("'it\\'s count(1)'", true, none::contains)).isEmpty();
  }

  @Test
  void theTimeIsFoundInCodeAndNotInTexts() {
    assertThat(RowExpressions.readsClock("v < NOW() - interval 1 day")).isTrue();
    assertThat(RowExpressions.readsClock("current_timestamp")).isTrue();
    assertThat(RowExpressions.readsClock("v = 'now()' -- now()")).isFalse();
  }
}
