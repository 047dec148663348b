package io.millrace.benchmarks.parquet;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The loops that parquet-java's own documentation shows. */
final class PlainParquet {

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message lineitem {
            required int64 l_orderkey;
            required int64 l_partkey;
            required int32 l_suppkey;
            required int32 l_linenumber;
            required int64 l_quantity (DECIMAL(15,2));
            required int64 l_extendedprice (DECIMAL(15,2));
            required int64 l_discount (DECIMAL(15,2));
            required int64 l_tax (DECIMAL(15,2));
            required binary l_returnflag (UTF8);
            required binary l_linestatus (UTF8);
            required int32 l_shipdate (DATE);
            required int32 l_commitdate (DATE);
            required int32 l_receiptdate (DATE);
            required binary l_shipinstruct (UTF8);
            required binary l_shipmode (UTF8);
            required binary l_comment (UTF8);
          }""");

  private PlainParquet() {}

  static void write(Path file, List<RecordBatch> batches, int times, long groupBytes)
      throws IOException {
    SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withRowGroupSize(groupBytes)
            .build()) {
      for (int time = 0; time < times; time++) {
        for (RecordBatch batch : batches) {
          for (int row = 0; row < batch.size(); row++) {
            writer.write(group(groups.newGroup(), batch, row));
          }
        }
      }
    }
  }

  private static Group group(Group group, RecordBatch batch, int row) {
    for (int column = 0; column < batch.schema().size(); column++) {
      switch (batch.schema().field(column).type()) {
        case DECIMAL -> group.add(column, batch.decimals(column).unscaled(row));
        case STRING -> {
          BytesColumn bytes = batch.bytes(column);
          group.add(
              column,
              Binary.fromConstantByteArray(bytes.buffer(), bytes.offset(row), bytes.length(row)));
        }
        case DATE ->
            group.add(
                column, (int) Calendars.toLocalDate(batch.longs(column).get(row)).toEpochDay());
        default -> {
          long value = batch.longs(column).get(row);
          if (batch.schema().field(column).bits() == 32) {
            group.add(column, (int) value);
          } else {
            group.add(column, value);
          }
        }
      }
    }
    return group;
  }

  /** Reads every value. */
  static long read(Path file) throws IOException {
    long sum = 0;
    try (ParquetReader<Group> reader = new Builder(new LocalInputFile(file)).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        for (int column = 0; column < SCHEMA.getFieldCount(); column++) {
          sum +=
              switch (SCHEMA.getType(column).asPrimitiveType().getPrimitiveTypeName()) {
                case INT64 -> group.getLong(column, 0);
                case INT32 -> group.getInteger(column, 0);
                default -> {
                  byte[] bytes = group.getBinary(column, 0).getBytes();
                  yield Rows.hash(bytes, 0, bytes.length);
                }
              };
        }
      }
    }
    return sum;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {

    Builder(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
