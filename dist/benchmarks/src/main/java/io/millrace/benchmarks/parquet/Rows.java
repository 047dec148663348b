package io.millrace.benchmarks.parquet;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.trino.tpch.Distributions;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.TextPool;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Rows of TPC-H's lineitem in batches, as a reader would deliver them. */
final class Rows {

  static final Schema SCHEMA =
      Schema.of(
          required("l_orderkey", 64),
          required("l_partkey", 64),
          required("l_suppkey", 32),
          required("l_linenumber", 32),
          Field.decimal("l_quantity", 15, 2).withNullable(false),
          Field.decimal("l_extendedprice", 15, 2).withNullable(false),
          Field.decimal("l_discount", 15, 2).withNullable(false),
          Field.decimal("l_tax", 15, 2).withNullable(false),
          text("l_returnflag"),
          text("l_linestatus"),
          date("l_shipdate"),
          date("l_commitdate"),
          date("l_receiptdate"),
          text("l_shipinstruct"),
          text("l_shipmode"),
          text("l_comment"));

  private static final int POOL_BYTES = 8 << 20;

  private Rows() {}

  private static Field required(String name, int bits) {
    return Field.of(name, ColumnType.INT64).withBits(bits, false).withNullable(false);
  }

  private static Field text(String name) {
    return Field.of(name, ColumnType.STRING).withNullable(false);
  }

  private static Field date(String name) {
    return Field.of(name, ColumnType.DATE).withNullable(false);
  }

  /** The first rows, in batches of the usual size. */
  static List<RecordBatch> batches(int rows) {
    List<RecordBatch> batches = new ArrayList<>();
    RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 16_384);
    int row = 0;
    Distributions words = Distributions.getDefaultDistributions();
    // The usual pool of texts is larger than the heap that is measured with.
    TextPool texts = new TextPool(POOL_BYTES, words);
    for (LineItem item : new LineItemGenerator(1, 1, 1, words, texts)) {
      if (row++ == rows) {
        break;
      }
      append(batch, item);
      batch.endRecord(row);
      if (batch.isFull()) {
        batches.add(batch);
        batch = new RecordBatch(SCHEMA, 1 << 20, 16_384);
      }
    }
    if (batch.size() > 0) {
      batches.add(batch);
    }
    return batches;
  }

  private static void append(RecordBatch batch, LineItem item) {
    batch.longs(0).append(item.getOrderKey());
    batch.longs(1).append(item.getPartKey());
    batch.longs(2).append(item.getSupplierKey());
    batch.longs(3).append(item.getLineNumber());
    batch.decimals(4).append(item.getQuantity() * 100L);
    batch.decimals(5).append(item.getExtendedPriceInCents());
    batch.decimals(6).append(item.getDiscountPercent());
    batch.decimals(7).append(item.getTaxPercent());
    batch.bytes(8).append(item.getReturnFlag());
    batch.bytes(9).append(item.getStatus());
    batch.longs(10).append(Calendars.date(LocalDate.ofEpochDay(item.getShipDate())));
    batch.longs(11).append(Calendars.date(LocalDate.ofEpochDay(item.getCommitDate())));
    batch.longs(12).append(Calendars.date(LocalDate.ofEpochDay(item.getReceiptDate())));
    batch.bytes(13).append(item.getShipInstructions());
    batch.bytes(14).append(item.getShipMode());
    batch.bytes(15).append(item.getComment());
  }

  /** A number that depends on every value, to compare what two ways have read. */
  static long sum(RecordBatch batch) {
    long sum = 0;
    for (int column = 0; column < batch.schema().size(); column++) {
      for (int row = 0; row < batch.size(); row++) {
        sum +=
            switch (batch.schema().field(column).type()) {
              case DECIMAL -> batch.decimals(column).unscaled(row);
              case STRING -> hash(batch.bytes(column), row);
              case DATE -> Calendars.toLocalDate(batch.longs(column).get(row)).toEpochDay();
              default -> batch.longs(column).get(row);
            };
      }
    }
    return sum;
  }

  private static long hash(BytesColumn bytes, int row) {
    int from = bytes.offset(row);
    return hash(bytes.buffer(), from, from + bytes.length(row));
  }

  static long hash(byte[] bytes, int from, int to) {
    long hash = 0;
    for (int i = from; i < to; i++) {
      hash += bytes[i];
    }
    return hash;
  }
}
