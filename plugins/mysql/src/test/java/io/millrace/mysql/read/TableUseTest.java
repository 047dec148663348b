package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.mysql.type.TableName;
import org.junit.jupiter.api.Test;

final class TableUseTest {

  @Test
  void tablesAreThoseBehindFromAndJoin() {
    assertThat(
            TableUse.named(
                "SELECT extract(year FROM a), trim('x' from b) /* FROM c */ FROM `d`.e x"
                    + " JOIN f ON 'FROM g' = \"FROM h\" WHERE i IN (SELECT j FROM k.`l`)"
                    + " AND (SELECT 1 from m) = 1",
                "db"))
        .containsExactlyInAnyOrder(
            new TableName("d", "e"),
            new TableName("db", "f"),
            new TableName("k", "l"),
            new TableName("db", "m"));
  }

  @Test
  void aQueryOfWithIsNoTable() {
    assertThat(
            TableUse.named(
                "WITH RECURSIVE Daily AS (SELECT a FROM orders), n (i, j) AS (SELECT 1, 2)"
                    + " SELECT * FROM `daily` JOIN n JOIN db.daily ON 1",
                "db"))
        .containsExactlyInAnyOrder(new TableName("db", "orders"), new TableName("db", "daily"));
    assertThat(TableUse.named("SELECT a, b FROM b WINDOW c AS (ORDER BY a)", "db"))
        .containsExactly(new TableName("db", "b"));
  }

  @Test
  void aNameIsMentionedWhateverItsQuotesAndCase() {
    TableName table = new TableName("db", "Orders");
    assertThat(TableUse.mentions("CALL copy(`orders`)", table)).isTrue();
    assertThat(TableUse.mentions("SELECT 'orders' -- orders", table)).isFalse();
  }
}
