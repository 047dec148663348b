package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that plain parquet-java wrote, and files of ours that it reads, with the packaged plugin.
 */
class ForeignParquetIT {

  private static final int ROWS = 5000;

  private static final MessageType NESTED =
      MessageTypeParser.parseMessageType(
          """
          message m {
            required int64 id;
            optional group names (LIST) { repeated group list { optional binary element (UTF8); } }
            optional group sizes (MAP) {
              repeated group key_value { required binary key (UTF8); optional int32 value; }
            }
            optional group place { optional double x; repeated int32 r; }
            optional binary text (UTF8);
          }""");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(WriterVersion.class)
  void nestedColumnsOfBothVersionsAreReadAsJson(WriterVersion version) throws IOException {
    Path file = folder.resolve("nested.parquet");
    SimpleGroupFactory groups = new SimpleGroupFactory(NESTED);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(NESTED)
            .withWriterVersion(version)
            .withRowGroupSize(20_000L)
            .build()) {
      for (int row = 0; row < ROWS; row++) {
        writer.write(nested(groups.newGroup(), row));
      }
    }

    try (Packaged packaged = Packaged.in(folder)) {
      Packaged.Read read = packaged.read(file);
      List<List<@Nullable String>> records = read.records();

      assertThat(read.failure()).isNull();
      assertThat(read.reasons()).isEmpty();

      assertThat(records).hasSize(ROWS);
      for (int row = 0; row < ROWS; row++) {
        assertThat(records.get(row).get(0)).isEqualTo(String.valueOf(row));
        assertThat(records.get(row).get(4)).isEqualTo("text " + row);
      }
      assertThat(records.get(0).subList(1, 4)).containsOnlyNulls();
      assertThat(records.get(2).subList(1, 4))
          .containsExactly(
              "[\"e\\\"0\",null]", "{\"k0\":2,\"k1\":null}", "{\"x\":1.0,\"r\":[0,1]}");
      assertThat(records.get(6).get(3)).isEqualTo("{\"x\":3.0,\"r\":[]}");
    }
  }

  private static Group nested(Group row, int number) {
    row.add("id", (long) number);
    row.add("text", "text " + number);
    if (number == 0) {
      return row;
    }
    Group names = row.addGroup("names");
    Group sizes = row.addGroup("sizes");
    Group place = row.addGroup("place");
    place.add("x", number / 2.0);
    for (int i = 0; i < number % 3; i++) {
      Group element = names.addGroup("list");
      Group pair = sizes.addGroup("key_value");
      pair.add("key", "k" + i);
      place.add("r", i);
      if (i == 0) {
        element.add("element", "e\"0");
        pair.add("value", number);
      }
    }
    return row;
  }

  @Test
  void bothReadTheSameFromBothFiles() throws IOException {
    List<RecordBatch> batches = Rows.batches(20_000);
    long expected = batches.stream().mapToLong(Rows::sum).sum();
    Path plain = folder.resolve("plain.parquet");
    PlainParquet.write(plain, batches, 1, 1 << 20);

    try (Packaged packaged = Packaged.in(folder)) {
      MillraceParquet millrace = new MillraceParquet(packaged.connector());
      Path own = Files.createDirectory(folder.resolve("own"));
      millrace.write(own, batches, 1);
      try (Stream<Path> files = Files.list(own)) {
        Path written =
            files.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
        assertThat(PlainParquet.read(written)).isEqualTo(expected);
        assertThat(millrace.read(written)).isEqualTo(expected);
      }
      assertThat(millrace.read(plain)).isEqualTo(expected);
    }
  }
}
