package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random records through every kind of text and back, cut at every place: what was not dirty comes
 * back exactly and in order, and what was dirty had a reason to be.
 */
class TextFuzzTest {

  private static final int FILES = 12;
  private static final String[] PARTS = {
    "a",
    "bc",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "\"\"",
    "'",
    ",",
    "|",
    "||",
    ":",
    "::",
    ";",
    "\t",
    " ",
    "\u0001",
    "#",
    "##",
    "\\",
    "\\N",
    "null",
    "",
    "é",
    "ß",
    "中",
    "文",
    "誰",
    "俉",
    "ソ表能",
    "乗",
    "㐀",
    "😀",
    "\ud840\udc0b",
    "\u0000",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "x".repeat(70)
  };
  private static final List<@Nullable String> LINES =
      Arrays.asList(null, null, "\n", "\r\n", "##", ";\n", "|;", "\u0001\n");
  private static final List<String> DELIMITERS =
      List.of(",", ",", "|", "\\t", "\\u0001", "||", "::", ";", "中", "a", " ");
  private static final List<@Nullable String> NULLS = Arrays.asList(null, "", "null", "中");

  @TempDir Path folder;

  private final long seed = Long.getLong("millrace.test.seed", 20_261_125L);
  private final Random random = new Random(seed);

  private <T extends @Nullable Object> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private @Nullable String value() {
    if (random.nextInt(7) == 0) {
      return null;
    }
    StringBuilder value = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      value.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return value.toString();
  }

  private static Schema schema(int columns) {
    Field[] fields = new Field[columns];
    for (int i = 0; i < columns; i++) {
      fields[i] = Field.of("c" + i, ColumnType.STRING);
    }
    return Schema.of(fields);
  }

  private List<List<@Nullable String>> records(int columns) {
    List<List<@Nullable String>> records = new ArrayList<>();
    for (int row = 1 + random.nextInt(30); row > 0; row--) {
      List<@Nullable String> record = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        record.add(value());
      }
      records.add(record);
    }
    return records;
  }

  private static RecordBatch batch(
      Schema schema, List<List<@Nullable String>> records, int from, int to) {
    RecordBatch batch = new RecordBatch(schema, 1 << 24, records.size() + 1);
    for (int row = from; row < to; row++) {
      RecordView.append(batch, row, records.get(row).toArray());
    }
    return batch;
  }

  private Map<String, Object> dialect(String format, String encoding) {
    while (true) {
      Map<String, Object> options = anyDialect(format, encoding);
      Map<String, Object> writing = new HashMap<>(options);
      writing.put("path", "x");
      writing.put("writeMode", "append");
      try {
        Rows.writer(new FilesConnector(), writing, TestContext.create()).close();
        return options;
      } catch (MillraceException e) {
        // What contradicts itself or lacks in the encoding is refused at once.
        assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION);
      }
    }
  }

  private Map<String, Object> anyDialect(String format, String encoding) {
    Map<String, Object> options = new HashMap<>();
    options.put("fileFormat", format);
    options.put("encoding", encoding);
    if (!format.equals("jsonl")) {
      String line = any(LINES);
      String nullText = any(NULLS);
      options.put("fieldDelimiter", any(DELIMITERS));
      if (line != null) {
        options.put("lineDelimiter", line);
      }
      if (nullText != null) {
        options.put("nullFormat", nullText);
      }
    }
    return options;
  }

  /** Why a record may be dirty when it is written. */
  private static boolean mayBeDirty(
      List<@Nullable String> record, Map<String, Object> dialect, Charset charset) {
    String delimiter = String.valueOf(dialect.getOrDefault("fieldDelimiter", ","));
    String plain =
        delimiter.equals("\\t") ? "\t" : delimiter.equals("\\u0001") ? "\u0001" : delimiter;
    String line = String.valueOf(dialect.getOrDefault("lineDelimiter", "\n"));
    boolean text = dialect.get("fileFormat").equals("text");
    String first = record.get(0);
    if (text && first != null && first.matches("(?s)(\ufeff|þÿ|ÿþ).*")) {
      return true;
    }
    for (String value : record) {
      if (value == null) {
        continue;
      }
      boolean ends =
          value.indexOf('\n') >= 0
              || value.indexOf('\r') >= 0
              || value.contains(plain)
              || value.contains(line)
              || (!value.isEmpty()
                  && (plain.startsWith(value.substring(value.length() - 1))
                      || line.startsWith(value.substring(value.length() - 1))));
      boolean isNull = value.equals(String.valueOf(dialect.getOrDefault("nullFormat", "\\N")));
      if ((text && (ends || isNull)) || !charset.newEncoder().canEncode(value)) {
        return true;
      }
    }
    return false;
  }

  private void roundTrip(int number, String format, String encoding) {
    int columns = 1 + random.nextInt(4);
    Schema schema = schema(columns);
    List<List<@Nullable String>> records = records(columns);
    Map<String, Object> dialect = dialect(format, encoding);
    Map<String, Object> writing = new HashMap<>(dialect);
    Path target = folder.resolve(format + number);
    writing.put("path", target.toString());
    writing.put("writeMode", "append");
    if (random.nextInt(3) == 0) {
      writing.put("writeSingleObject", !encoding.equals("utf-16"));
      writing.put("fileName", "all.bin");
    }
    boolean header = random.nextInt(3) == 0;
    writing.put("header", header);
    String what = number + " of seed " + seed + " " + writing;

    TestContext written =
        Rows.write(
            new FilesConnector(),
            writing,
            batch(schema, records, 0, records.size() / 2),
            batch(schema, records, records.size() / 2, records.size()));

    List<List<@Nullable String>> expected = expected(records, written, dialect, encoding, what);
    Map<String, Object> reading = new HashMap<>(dialect);
    reading.put("path", target.toString());
    reading.put("skipHeader", header);
    List<Map<String, Object>> asked = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      asked.add(
          format.equals("jsonl")
              ? Map.of("name", "c" + i, "type", "string")
              : Map.of("index", i, "type", "string"));
    }
    reading.put("column", asked);
    if (expected.isEmpty()) {
      return;
    }
    assertRead(reading, expected, what);
    reading.put("splitBy", "volume");
    for (long pieceBytes :
        new long[] {1 + random.nextInt(7), 8 + random.nextInt(60), 100 + random.nextInt(2000)}) {
      reading.put("maxSplitBytes", pieceBytes);
      assertRead(reading, expected, what + " in pieces of " + pieceBytes);
      if (random.nextBoolean() && format.equals("csv")) {
        break;
      }
    }
  }

  private static void assertRead(
      Map<String, Object> reading, List<List<@Nullable String>> expected, String what) {
    Rows.Read read = Rows.read(new FilesConnector(), reading, 4, TestContext.create());
    assertThat(read.reasons()).as(what).isEmpty();
    if (read.plan().rule().contains("2 files")) {
      // Which of two files comes first is nobody's concern.
      assertThat(read.records()).as(what).containsExactlyInAnyOrderElementsOf(expected);
      return;
    }
    for (int i = 0; i < Math.min(expected.size(), read.records().size()); i++) {
      assertThat(read.records().get(i)).as("%s, record %s", what, i).isEqualTo(expected.get(i));
    }
    assertThat(read.records()).as(what).hasSameSizeAs(expected);
  }

  /** What was written, after the dirty records were looked at. */
  private static List<List<@Nullable String>> expected(
      List<List<@Nullable String>> records,
      TestContext written,
      Map<String, Object> dialect,
      String encoding,
      String what) {
    Set<Integer> dirty = new HashSet<>();
    written.dirty().entries().forEach(entry -> dirty.add((int) entry.position()));
    List<List<@Nullable String>> expected = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      if (dirty.contains(i)) {
        assertThat(mayBeDirty(records.get(i), dialect, Charset.forName(encoding)))
            .as("%s: record %s, %s", what, i, records.get(i))
            .isTrue();
      } else {
        expected.add(records.get(i));
      }
    }
    return expected;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "utf-8",
        "gbk",
        "gb18030",
        "big5",
        "shift_jis",
        "euc-jp",
        "utf-16",
        "utf-16le",
        "utf-32",
        "iso-8859-1",
        "windows-1252"
      })
  void whatIsWrittenComesBackHoweverItIsCut(String encoding) {
    for (String format : List.of("csv", "text", "jsonl")) {
      for (int i = 0; i < FILES; i++) {
        roundTrip(i, format, encoding);
      }
    }
  }
}
