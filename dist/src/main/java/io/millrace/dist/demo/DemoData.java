package io.millrace.dist.demo;

import io.millrace.testkit.server.TestServer;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.OrderGenerator;
import io.trino.tpch.TpchEntity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The demo's two databases: {@code shop} with TPC-H orders and line items, {@code dw} empty. */
final class DemoData {

  private static final int ROWS_A_STATEMENT = 1000;

  private static final String ORDERS =
      """
      CREATE TABLE %s.orders (
        o_orderkey BIGINT NOT NULL PRIMARY KEY,
        o_custkey BIGINT NOT NULL,
        o_orderstatus CHAR(1) NOT NULL,
        o_totalprice DECIMAL(15,2) NOT NULL,
        o_orderdate DATE %s,
        o_orderpriority VARCHAR(%d) NOT NULL,
        o_clerk CHAR(15) NOT NULL,
        o_shippriority INT NOT NULL,
        o_comment VARCHAR(79) NOT NULL)
      """;

  private static final String LINE_ITEM =
      """
      CREATE TABLE %s.lineitem (
        l_orderkey BIGINT NOT NULL,
        l_partkey BIGINT NOT NULL,
        l_suppkey BIGINT NOT NULL,
        l_linenumber INT NOT NULL,
        l_quantity DECIMAL(15,2) NOT NULL,
        l_extendedprice DECIMAL(15,2) NOT NULL,
        l_discount DECIMAL(15,2) NOT NULL,
        l_tax DECIMAL(15,2) NOT NULL,
        l_returnflag CHAR(1) NOT NULL,
        l_linestatus CHAR(1) NOT NULL,
        l_shipdate DATE NOT NULL,
        l_commitdate DATE NOT NULL,
        l_receiptdate DATE NOT NULL,
        l_shipinstruct CHAR(25) NOT NULL,
        l_shipmode CHAR(10) NOT NULL,
        l_comment VARCHAR(44) NOT NULL,
        PRIMARY KEY (l_orderkey, l_linenumber))
      """;

  private final TestServer server;
  private final double scale;

  /**
   * @param scale of TPC-H: 1 is 1.5 million orders
   */
  DemoData(TestServer server, double scale) {
    this.server = server;
    this.scale = scale;
  }

  /** Makes and fills the tables. */
  void create() throws SQLException {
    try (Connection connection = server.connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE shop CHARACTER SET utf8mb4");
      statement.execute("CREATE DATABASE dw CHARACTER SET utf8mb4");
      // What the source allows and the target does not is where dirty records come from.
      statement.execute(ORDERS.formatted("shop", "NULL", 40));
      statement.execute(ORDERS.formatted("dw", "NOT NULL", 15));
      statement.execute(LINE_ITEM.formatted("shop"));
      statement.execute(LINE_ITEM.formatted("dw"));
      statement.execute(ORDERS.replace(".orders", ".daily_orders").formatted("dw", "NOT NULL", 15));
      statement.execute("CREATE INDEX by_date ON dw.daily_orders (o_orderdate)");
      statement.execute("CREATE TABLE dw.order_counts (at DATETIME, orders BIGINT)");
      statement.execute("CREATE TABLE dw.loads (what VARCHAR(40), records BIGINT, at DATETIME)");
      fill(statement, "shop.orders", new OrderGenerator(scale, 1, 1));
      fill(statement, "shop.lineitem", new LineItemGenerator(scale, 1, 1));
      spoil(statement);
    }
  }

  private static void fill(
      Statement statement, String table, Iterable<? extends TpchEntity> entities)
      throws SQLException {
    StringBuilder sql = new StringBuilder();
    int rows = 0;
    for (TpchEntity entity : entities) {
      sql.append(rows == 0 ? "INSERT INTO " + table + " VALUES (" : ",(");
      String line = entity.toLine();
      // The generator's own form: values with a bar behind each. They hold no quote and no bar.
      sql.append('\'').append(line, 0, line.length() - 1).append("')");
      int from = sql.length() - line.length() - 1;
      for (int bar = sql.indexOf("|", from); bar >= 0; bar = sql.indexOf("|", bar)) {
        sql.replace(bar, bar + 1, "','");
      }
      if (++rows == ROWS_A_STATEMENT) {
        statement.execute(sql.toString());
        sql.setLength(0);
        rows = 0;
      }
    }
    if (rows > 0) {
      statement.execute(sql.toString());
    }
  }

  /** Three orders that the target must refuse, each for a reason of its own. */
  private static void spoil(Statement statement) throws SQLException {
    long last = number(statement, "SELECT max(o_orderkey) FROM shop.orders");
    String[] spoilt = {
      "1, 'O', 100.00, NULL, '1-URGENT', 'Clerk#000000001', 0, 'has no date'",
      "2, 'O', 200.00, '1998-01-02', '1-URGENT and then some more', 'Clerk#000000002', 0,"
          + " 'its priority is too long'",
      "3, 'F', 300.00, NULL, '5-LOW', 'Clerk#000000003', 0, 'has no date either'"
    };
    for (String values : spoilt) {
      statement.execute("INSERT INTO shop.orders VALUES (" + ++last + ", " + values + ")");
    }
  }

  /** The number of rows and a checksum over all of them, as the server sees them. */
  Contents contents(String table) throws SQLException {
    return contents(table, "1 = 1");
  }

  /** The same for the orders of some days, both ends included. */
  Contents days(String table, String from, String to) throws SQLException {
    return contents(table, "o_orderdate BETWEEN '" + from + "' AND '" + to + "'");
  }

  private Contents contents(String table, String where) throws SQLException {
    try (Connection connection = server.connect("");
        Statement statement = connection.createStatement()) {
      String key = table.endsWith("orders") ? "o_orderkey" : "l_orderkey, l_linenumber";
      String amount = table.endsWith("orders") ? "o_totalprice" : "l_extendedprice";
      return new Contents(
          number(statement, "SELECT count(*) FROM " + table + " WHERE " + where),
          number(
              statement,
              "SELECT sum(crc32(concat_ws('|', "
                  + key
                  + ", "
                  + amount
                  + "))) FROM "
                  + table
                  + " WHERE "
                  + where));
    }
  }

  /** What a table holds. */
  record Contents(long rows, long checksum) {}

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
