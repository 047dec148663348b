package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain parquet-java reads what Millrace wrote, and finds the types that are documented. */
class ForeignReaderIT {

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  @TempDir Path folder;

  @Test
  void everyTypeIsReadByPlainParquet() throws IOException {
    Sample sample =
        Sample.types(
            EnumSet.complementOf(
                EnumSet.of(
                    TypeCase.TIME_DURATION,
                    TypeCase.DATE_ZERO,
                    TypeCase.DATETIME_ZERO,
                    TypeCase.TIMESTAMP_ZERO)));
    Path file;
    try (Packaged packaged = Packaged.in(folder)) {
      file = packaged.write(folder.resolve("own"), Map.of("fileFormat", "parquet"), sample);
    }

    MessageType schema;
    Map<String, String> marks;
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      schema = reader.getFileMetaData().getSchema();
      marks = reader.getFileMetaData().getKeyValueMetaData();
    }
    List<List<@Nullable String>> records = new ArrayList<>();
    try (ParquetReader<Group> reader = new Checked(new LocalInputFile(file)).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        records.add(texts(group, schema));
      }
    }

    assertThat(records).isEqualTo(sample.texts());
    assertThat(marks).containsEntry("writer.date.proleptic", "true");
    List<String> types = new ArrayList<>();
    schema.getFields().forEach(each -> types.add(type(each.asPrimitiveType())));
    assertThat(types)
        .contains(
            "BOOLEAN",
            "INT32 INTEGER(8,true)",
            "INT32 INTEGER(16,false)",
            "INT32 INTEGER(32,false)",
            "INT64 INTEGER(64,true)",
            "INT64 INTEGER(64,false)",
            "FLOAT",
            "DOUBLE",
            "INT64 DECIMAL(18,4)",
            "FIXED_LEN_BYTE_ARRAY(16) DECIMAL(38,0)",
            "FIXED_LEN_BYTE_ARRAY(28) DECIMAL(65,30)",
            "BINARY STRING",
            "BINARY JSON",
            "BINARY",
            "INT64 TIME(MICROS,false)",
            "INT32 DATE",
            "INT64 TIMESTAMP(MICROS,false)",
            "INT64 TIMESTAMP(MICROS,true)");
  }

  private static String type(PrimitiveType type) {
    String stored = type.getPrimitiveTypeName().toString();
    String length = type.getTypeLength() > 0 ? "(" + type.getTypeLength() + ")" : "";
    var logical = type.getLogicalTypeAnnotation();
    return stored + length + (logical == null ? "" : " " + logical);
  }

  private static List<@Nullable String> texts(Group group, MessageType schema) {
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < schema.getFieldCount(); i++) {
      texts.add(
          group.getFieldRepetitionCount(i) == 0
              ? null
              : text(group, i, schema.getType(i).asPrimitiveType()));
    }
    return texts;
  }

  private static String text(Group group, int i, PrimitiveType type) {
    var logical = type.getLogicalTypeAnnotation();
    switch (type.getPrimitiveTypeName()) {
      case BOOLEAN:
        return Boolean.toString(group.getBoolean(i, 0));
      case FLOAT:
        return Double.toString(group.getFloat(i, 0));
      case DOUBLE:
        return Double.toString(group.getDouble(i, 0));
      case INT32:
        int small = group.getInteger(i, 0);
        if (logical instanceof DateLogicalTypeAnnotation) {
          return LocalDate.ofEpochDay(small).toString();
        }
        return logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()
            ? Integer.toUnsignedString(small)
            : Integer.toString(small);
      case INT64:
        return wide(group.getLong(i, 0), type);
      default:
        byte[] bytes = group.getBinary(i, 0).getBytes();
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
          return new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString();
        }
        return logical instanceof StringLogicalTypeAnnotation
                || logical instanceof JsonLogicalTypeAnnotation
            ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
            : "0x" + HexFormat.of().formatHex(bytes);
    }
  }

  private static String wide(long value, PrimitiveType type) {
    var logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return BigDecimal.valueOf(value, decimal.getScale()).toPlainString();
    }
    if (logical instanceof TimeLogicalTypeAnnotation) {
      return LocalTime.ofNanoOfDay(value * 1000)
          .format(DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS"));
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      Instant instant =
          Instant.ofEpochSecond(
              Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1000);
      return instant.atOffset(ZoneOffset.UTC).format(MOMENT)
          + (timestamp.isAdjustedToUTC() ? "Z" : "");
    }
    return logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()
        ? Long.toUnsignedString(value)
        : Long.toString(value);
  }

  private static final class Checked extends ParquetReader.Builder<Group> {

    Checked(InputFile file) {
      super(file, new PlainParquetConfiguration());
      usePageChecksumVerification();
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
