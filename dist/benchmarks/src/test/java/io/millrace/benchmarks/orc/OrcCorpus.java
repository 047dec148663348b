package io.millrace.benchmarks.orc;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.storage.ql.exec.vector.UnionColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads files by ORC's own library, of whatever version the class loader of this class
 * has; only classes of the JDK go in and out. Values are made of their place, so that what stands
 * in a file is known.
 */
public final class OrcCorpus
    implements BiFunction<String, Map<String, String>, List<List<@Nullable String>>> {

  /** The settings' key for the number of rows that are written; without it a file is read. */
  public static final String ROWS = "rows";

  /** The settings' key for the columns, as ORC writes types. */
  public static final String COLUMNS = "columns";

  private static final int BATCH = 1024;

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  /** How the values of a batch follow each other, which decides how they are encoded. */
  private enum Pattern {
    RANDOM,
    ONE_VALUE,
    RISING,
    NOTHING,
    OUTLIERS,
    EVERY_OTHER,
    FEW,
    SHORT_RUNS
  }

  /**
   * Writes a file, or reads one.
   *
   * @param settings of ORC, and {@link #ROWS} and {@link #COLUMNS}
   * @return its rows as canonical texts, nested values as JSON
   */
  @Override
  public List<List<@Nullable String>> apply(String path, Map<String, String> settings) {
    try {
      return settings.containsKey(ROWS) ? write(path, settings) : read(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Configuration configuration(Map<String, String> settings) {
    Configuration configuration = new Configuration();
    settings.forEach(configuration::set);
    return configuration;
  }

  private static List<List<@Nullable String>> write(String path, Map<String, String> settings)
      throws IOException {
    int rows = Integer.parseInt(settings.get(ROWS));
    TypeDescription schema = TypeDescription.fromString("struct<" + settings.get(COLUMNS) + ">");
    List<TypeDescription> types = schema.getChildren();
    List<List<@Nullable String>> texts = new ArrayList<>();
    try (Writer writer =
        OrcFile.createWriter(
            new Path(path),
            OrcFile.writerOptions(configuration(settings)).setSchema(schema).overwrite(true))) {
      VectorizedRowBatch batch = schema.createRowBatch(BATCH);
      for (int from = 0; from < rows; from += BATCH) {
        batch.reset();
        batch.size = Math.min(BATCH, rows - from);
        List<List<@Nullable String>> columns = new ArrayList<>();
        for (int column = 0; column < types.size(); column++) {
          columns.add(fill(batch, column, types.get(column), from));
        }
        for (int row = 0; row < batch.size; row++) {
          List<@Nullable String> record = new ArrayList<>();
          for (List<@Nullable String> column : columns) {
            record.add(column.get(row));
          }
          texts.add(record);
        }
        writer.addRowBatch(batch);
      }
    }
    return texts;
  }

  /** Fills a column of a batch; what stands in it then. */
  private static List<@Nullable String> fill(
      VectorizedRowBatch batch, int column, TypeDescription type, int from) {
    ColumnVector vector = batch.cols[column];
    Pattern pattern = Pattern.values()[(from / BATCH + column) % Pattern.values().length];
    // A vector that says so is written without a look at its rows.
    boolean repeats = pattern == Pattern.ONE_VALUE || pattern == Pattern.NOTHING;
    boolean flagged = repeats && type.getCategory().isPrimitive();
    List<@Nullable String> texts = new ArrayList<>();
    for (int row = 0; row < batch.size; row++) {
      long seed = seed(pattern, from, row);
      boolean isNull =
          switch (pattern) {
            case NOTHING -> true;
            case EVERY_OTHER -> row % 2 == 0;
            case RANDOM, OUTLIERS -> new Random(seed ^ 0x5eed).nextInt(7) == 0;
            case SHORT_RUNS -> row / 5 % 4 == 3;
            default -> false;
          };
      if (flagged && row > 0) {
        texts.add(texts.get(0));
      } else if (isNull) {
        vector.noNulls = false;
        vector.isNull[row] = true;
        texts.add(null);
      } else {
        put(vector, row, type, new Random(seed * 31 + column), pattern, seed);
        texts.add(text(vector, row, type, true));
      }
    }
    vector.isRepeating = flagged;
    return texts;
  }

  private static long seed(Pattern pattern, int from, int row) {
    return switch (pattern) {
      case ONE_VALUE -> from;
      case FEW -> row % 9;
      case SHORT_RUNS -> row / 5;
      default -> from + row;
    };
  }

  private static long whole(Random random, int bits, Pattern pattern, long seed) {
    long any = random.nextLong() >> (64 - bits);
    return switch (pattern) {
      case RISING -> Math.floorMod(seed * 3, 100L) - 50;
      case OUTLIERS -> seed % 100 == 17 ? any : Math.floorMod(any, 100L);
      default -> any;
    };
  }

  private static void put(
      ColumnVector vector,
      int row,
      TypeDescription type,
      Random random,
      Pattern pattern,
      long seed) {
    switch (type.getCategory()) {
      case BOOLEAN -> ((LongColumnVector) vector).vector[row] = random.nextInt(2);
      case BYTE -> ((LongColumnVector) vector).vector[row] = whole(random, 8, pattern, seed);
      case SHORT -> ((LongColumnVector) vector).vector[row] = whole(random, 16, pattern, seed);
      case INT -> ((LongColumnVector) vector).vector[row] = whole(random, 32, pattern, seed);
      case LONG -> ((LongColumnVector) vector).vector[row] = whole(random, 64, pattern, seed);
      case DATE ->
          // From 1354 to 2175, in both calendars.
          ((LongColumnVector) vector).vector[row] =
              Math.floorMod(whole(random, 32, pattern, seed), 300_000L) - 225_000;
      case FLOAT -> ((DoubleColumnVector) vector).vector[row] = random.nextFloat() * 1e6f;
      case DOUBLE -> ((DoubleColumnVector) vector).vector[row] = random.nextGaussian() * 1e100;
      case DECIMAL -> {
        int digits = 1 + random.nextInt(type.getPrecision());
        BigInteger unscaled = new BigInteger(140, random).mod(BigInteger.TEN.pow(digits));
        BigDecimal value =
            new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.getScale());
        ((DecimalColumnVector) vector).vector[row].set(HiveDecimal.create(value));
      }
      case STRING, VARCHAR, CHAR, BINARY -> {
        int most = type.getCategory() == TypeDescription.Category.CHAR ? 4 : 20;
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(most); length > 0; length--) {
          // Behind what is cut off a char: a letter, so that nothing depends on padding.
          text.append("abc déß中".charAt(random.nextInt(8)));
        }
        String value = pattern == Pattern.RISING ? "key " + seed : text + "x";
        String held = value.substring(0, Math.min(value.length(), most));
        ((BytesColumnVector) vector).setVal(row, held.strip().getBytes(StandardCharsets.UTF_8));
      }
      case TIMESTAMP, TIMESTAMP_INSTANT -> {
        // From 1906 to 2096.
        long seconds =
            Math.floorMod(whole(random, 64, pattern, seed), 6_000_000_000L) - 2_000_000_000L;
        Timestamp moment = new Timestamp(seconds * 1000);
        // Trailing zeros are taken off by the encoding.
        int micros = random.nextInt(1_000_000);
        moment.setNanos((random.nextInt(3) == 0 ? micros / 1000 * 1000 : micros) * 1000);
        ((TimestampColumnVector) vector).set(row, moment);
      }
      case LIST -> {
        ListColumnVector list = (ListColumnVector) vector;
        list.offsets[row] = list.childCount;
        list.lengths[row] = random.nextInt(4);
        list.child.ensureSize(list.childCount + 4, true);
        for (int i = 0; i < list.lengths[row]; i++) {
          put(list.child, list.childCount++, type.getChildren().get(0), random, pattern, seed);
        }
      }
      case MAP -> {
        MapColumnVector map = (MapColumnVector) vector;
        map.offsets[row] = map.childCount;
        map.lengths[row] = random.nextInt(3);
        map.keys.ensureSize(map.childCount + 4, true);
        map.values.ensureSize(map.childCount + 4, true);
        for (int i = 0; i < map.lengths[row]; i++) {
          byte[] key = ("k" + i).getBytes(StandardCharsets.UTF_8);
          ((BytesColumnVector) map.keys).setVal(map.childCount, key);
          put(map.values, map.childCount++, type.getChildren().get(1), random, pattern, seed);
        }
      }
      case STRUCT -> {
        StructColumnVector struct = (StructColumnVector) vector;
        for (int i = 0; i < struct.fields.length; i++) {
          if (random.nextInt(4) == 0) {
            struct.fields[i].noNulls = false;
            struct.fields[i].isNull[row] = true;
          } else {
            put(struct.fields[i], row, type.getChildren().get(i), random, pattern, seed);
          }
        }
      }
      case UNION -> {
        UnionColumnVector union = (UnionColumnVector) vector;
        int tag = random.nextInt(union.fields.length);
        union.tags[row] = tag;
        put(union.fields[tag], row, type.getChildren().get(tag), random, pattern, seed);
      }
      default -> throw new IllegalArgumentException(type.toString());
    }
  }

  private static List<List<@Nullable String>> read(String path) throws IOException {
    List<List<@Nullable String>> texts = new ArrayList<>();
    try (Reader reader =
            OrcFile.createReader(new Path(path), OrcFile.readerOptions(new Configuration()));
        RecordReader rows = reader.rows()) {
      TypeDescription schema = reader.getSchema();
      VectorizedRowBatch batch = schema.createRowBatch();
      while (rows.nextBatch(batch)) {
        for (int row = 0; row < batch.size; row++) {
          List<@Nullable String> record = new ArrayList<>();
          for (int i = 0; i < batch.cols.length; i++) {
            record.add(text(batch.cols[i], row, schema.getChildren().get(i), true));
          }
          texts.add(record);
        }
      }
    }
    return texts;
  }

  /**
   * A day as the library counts it unless it is told otherwise: before 1582 in the old calendar.
   */
  private static String day(long days) {
    GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    calendar.setTimeInMillis(days * 86_400_000L);
    return String.format(
        "%04d-%02d-%02d",
        calendar.get(Calendar.YEAR),
        calendar.get(Calendar.MONTH) + 1,
        calendar.get(Calendar.DAY_OF_MONTH));
  }

  /** A value as Millrace calls it; within another one as JSON. */
  private static @Nullable String text(
      ColumnVector vector, int row, TypeDescription type, boolean plain) {
    int at = vector.isRepeating ? 0 : row;
    if (!vector.noNulls && vector.isNull[at]) {
      return plain ? null : "null";
    }
    List<TypeDescription> children = type.getChildren();
    return switch (type.getCategory()) {
      case BOOLEAN -> String.valueOf(((LongColumnVector) vector).vector[at] != 0);
      case BYTE, SHORT, INT, LONG -> String.valueOf(((LongColumnVector) vector).vector[at]);
      case DATE -> day(((LongColumnVector) vector).vector[at]);
      case FLOAT, DOUBLE -> String.valueOf(((DoubleColumnVector) vector).vector[at]);
      case DECIMAL ->
          ((DecimalColumnVector) vector)
              .vector[at]
              .getHiveDecimal()
              .bigDecimalValue()
              .setScale(type.getScale())
              .toPlainString();
      case STRING, VARCHAR, CHAR -> {
        BytesColumnVector bytes = (BytesColumnVector) vector;
        String text =
            new String(bytes.vector[at], bytes.start[at], bytes.length[at], StandardCharsets.UTF_8);
        String own = type.getCategory() == TypeDescription.Category.CHAR ? text.strip() : text;
        yield plain ? own : '"' + own + '"';
      }
      case BINARY -> {
        BytesColumnVector bytes = (BytesColumnVector) vector;
        int from = bytes.start[at];
        yield "0x" + HexFormat.of().formatHex(bytes.vector[at], from, from + bytes.length[at]);
      }
      case TIMESTAMP, TIMESTAMP_INSTANT -> {
        TimestampColumnVector moments = (TimestampColumnVector) vector;
        Timestamp moment = new Timestamp(moments.time[at]);
        moment.setNanos(moments.nanos[at]);
        yield type.getCategory() == TypeDescription.Category.TIMESTAMP
            ? moment.toLocalDateTime().format(MOMENT)
            : LocalDateTime.ofInstant(moment.toInstant(), ZoneOffset.UTC).format(MOMENT) + "Z";
      }
      case LIST -> {
        ListColumnVector list = (ListColumnVector) vector;
        List<String> values = new ArrayList<>();
        for (long i = list.offsets[at]; i < list.offsets[at] + list.lengths[at]; i++) {
          values.add(text(list.child, (int) i, children.get(0), false));
        }
        yield values.stream().collect(Collectors.joining(",", "[", "]"));
      }
      case MAP -> {
        MapColumnVector map = (MapColumnVector) vector;
        List<String> values = new ArrayList<>();
        for (long i = map.offsets[at]; i < map.offsets[at] + map.lengths[at]; i++) {
          values.add(
              text(map.keys, (int) i, children.get(0), false)
                  + ":"
                  + text(map.values, (int) i, children.get(1), false));
        }
        yield values.stream().collect(Collectors.joining(",", "{", "}"));
      }
      case STRUCT -> {
        StructColumnVector struct = (StructColumnVector) vector;
        List<String> values = new ArrayList<>();
        for (int i = 0; i < struct.fields.length; i++) {
          values.add(
              '"'
                  + type.getFieldNames().get(i)
                  + "\":"
                  + text(struct.fields[i], at, children.get(i), false));
        }
        yield values.stream().collect(Collectors.joining(",", "{", "}"));
      }
      case UNION -> {
        UnionColumnVector union = (UnionColumnVector) vector;
        int tag = union.tags[at];
        yield text(union.fields[tag], at, children.get(tag), false);
      }
      default -> throw new IllegalArgumentException(type.toString());
    };
  }
}
