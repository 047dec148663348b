package io.millrace.benchmarks.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/** A file that plain parquet-java writes. */
final class PlainFile {

  private final Path path;
  private final MessageType schema;
  private UnaryOperator<ExampleParquetWriter.Builder> settings = each -> each;

  /**
   * @param columns such as {@code required int64 id; optional binary text (UTF8);}
   */
  PlainFile(Path path, String columns) {
    this(path, MessageTypeParser.parseMessageType("message m { " + columns + " }"));
  }

  PlainFile(Path path, MessageType schema) {
    this.path = path;
    this.schema = schema;
  }

  PlainFile with(UnaryOperator<ExampleParquetWriter.Builder> more) {
    settings = more;
    return this;
  }

  /** Writes flat rows: a value for each column, null for none. */
  PlainFile rows(@Nullable Object[]... rows) throws IOException {
    List<Consumer<Group>> fillers = new ArrayList<>();
    for (@Nullable Object[] row : rows) {
      fillers.add(
          group -> {
            for (int column = 0; column < row.length; column++) {
              add(group, schema.getFieldName(column), row[column]);
            }
          });
    }
    return groups(fillers);
  }

  /** Writes rows that fill themselves. */
  PlainFile groups(List<Consumer<Group>> rows) throws IOException {
    Files.deleteIfExists(path);
    SimpleGroupFactory factory = new SimpleGroupFactory(schema);
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
    try (ParquetWriter<Group> writer = settings.apply(builder).build()) {
      for (Consumer<Group> row : rows) {
        Group group = factory.newGroup();
        row.accept(group);
        writer.write(group);
      }
    }
    return this;
  }

  static void add(Group group, String name, @Nullable Object value) {
    if (value instanceof Integer number) {
      group.add(name, number);
    } else if (value instanceof Long number) {
      group.add(name, number);
    } else if (value instanceof Float number) {
      group.add(name, number);
    } else if (value instanceof Double number) {
      group.add(name, number);
    } else if (value instanceof Boolean flag) {
      group.add(name, flag);
    } else if (value instanceof String text) {
      group.add(name, text);
    } else if (value instanceof byte[] bytes) {
      group.add(name, Binary.fromConstantByteArray(bytes));
    } else if (value != null) {
      throw new IllegalArgumentException(value.getClass().toString());
    }
  }

  Path path() {
    return path;
  }

  FileMetaData footer() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    return Util.readFileMetaData(new ByteArrayInputStream(bytes, footerStart(bytes), bytes.length));
  }

  static int footerStart(byte[] bytes) {
    return bytes.length
        - 8
        - ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
  }

  /** Puts another footer behind the same pages. */
  void change(Consumer<FileMetaData> change) throws IOException {
    FileMetaData footer = footer();
    change.accept(footer);
    byte[] bytes = Files.readAllBytes(path);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Arrays.copyOf(bytes, footerStart(bytes)));
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    Files.write(path, out.toByteArray());
  }
}
