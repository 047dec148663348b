package io.millrace.benchmarks.work;

import io.millrace.benchmarks.server.MeasuredServer;
import io.trino.tpch.GenerateUtils;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** TPC-H's table {@code lineitem}: its definition, and its rows as text and in a table. */
final class LineItems {

  static final String TABLE = "lineitem";

  /** In the order of the table. */
  static final List<String> COLUMNS =
      List.of(
          "l_orderkey",
          "l_partkey",
          "l_suppkey",
          "l_linenumber",
          "l_quantity",
          "l_extendedprice",
          "l_discount",
          "l_tax",
          "l_returnflag",
          "l_linestatus",
          "l_shipdate",
          "l_commitdate",
          "l_receiptdate",
          "l_shipinstruct",
          "l_shipmode",
          "l_comment");

  /** Their types in a task, in the same order. */
  static final List<String> TYPES =
      List.of(
          "long",
          "long",
          "long",
          "long",
          "decimal(15,2)",
          "decimal(15,2)",
          "decimal(15,2)",
          "decimal(15,2)",
          "string",
          "string",
          "date",
          "date",
          "date",
          "string",
          "string",
          "string");

  private static final String DEFINITION =
      """
      CREATE TABLE lineitem (
        l_orderkey BIGINT NOT NULL,
        l_partkey BIGINT NOT NULL,
        l_suppkey INT NOT NULL,
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
        PRIMARY KEY (l_orderkey, l_linenumber)
      ) ENGINE=InnoDB""";

  private LineItems() {}

  /** Writes the rows as text, if no earlier work has, and into a fresh table. */
  static void prepare(Workbench bench) throws IOException, SQLException {
    Path text = text(bench);
    if (!Files.exists(text)) {
      write(bench.scale(), text);
    }
    bench.server().execute("DROP TABLE IF EXISTS " + TABLE);
    load(bench.server(), text);
  }

  /** Where {@link #prepare} leaves the rows as text. */
  static Path text(Workbench bench) {
    return bench.scratch().resolve("lineitem.txt");
  }

  /** Writes the rows as {@code LOAD DATA} reads them by default: tabs, line feeds, no quotes. */
  static void write(double scale, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      StringBuilder line = new StringBuilder(200);
      for (LineItem item : new LineItemGenerator(scale, 1, 1)) {
        line.setLength(0);
        append(line, item);
        out.append(line);
      }
    }
  }

  private static void append(StringBuilder line, LineItem item) {
    line.append(item.getOrderKey()).append('\t');
    line.append(item.getPartKey()).append('\t');
    line.append(item.getSupplierKey()).append('\t');
    line.append(item.getLineNumber()).append('\t');
    line.append(item.getQuantity()).append(".00\t");
    hundredths(line, item.getExtendedPriceInCents()).append('\t');
    hundredths(line, item.getDiscountPercent()).append('\t');
    hundredths(line, item.getTaxPercent()).append('\t');
    line.append(item.getReturnFlag()).append('\t');
    line.append(item.getStatus()).append('\t');
    line.append(GenerateUtils.formatDate(item.getShipDate())).append('\t');
    line.append(GenerateUtils.formatDate(item.getCommitDate())).append('\t');
    line.append(GenerateUtils.formatDate(item.getReceiptDate())).append('\t');
    line.append(item.getShipInstructions()).append('\t');
    line.append(item.getShipMode()).append('\t');
    line.append(item.getComment()).append('\n');
  }

  private static StringBuilder hundredths(StringBuilder line, long value) {
    line.append(value / 100).append('.');
    long cents = value % 100;
    return (cents < 10 ? line.append('0') : line).append(cents);
  }

  private static void load(MeasuredServer server, Path file) throws SQLException {
    server.execute(DEFINITION);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(loadStatement(file, TABLE));
    }
    // Fresh statistics, which the planning of splits may ask for.
    server.execute("ANALYZE TABLE " + TABLE);
  }

  /** Columns of a task that reads the rows as text: where, names and types. */
  static String typedColumns() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < COLUMNS.size(); i++) {
      columns.add("{index: %d, name: %s, type: \"%s\"}".formatted(i, COLUMNS.get(i), TYPES.get(i)));
    }
    return String.join(", ", columns);
  }

  /** The client's own way of loading a file. */
  static String loadStatement(Path file, String table) {
    return "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE " + table + " CHARACTER SET utf8mb4";
  }
}
