package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut by volume give the same records as files read from end to end. */
class VolumeSplitTest {

  private static final int FILES = 60;
  private static final String[] PARTS = {
    "a", "bc", "\n", "\r\n", "\r", "\"", "\"\"", ",", " ", "", "é", "中", "😀", "\\N", "x\ny", "'"
  };

  @TempDir Path folder;

  private final Random random = new Random(Long.getLong("millrace.test.seed", 20_261_124L));

  private String value(boolean plain) {
    StringBuilder value = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      String part = PARTS[random.nextInt(PARTS.length)];
      if (!plain || part.matches("[^\n\r\",]*")) {
        value.append(part);
      }
    }
    return value.toString();
  }

  private List<List<@Nullable String>> records(boolean plain) {
    List<List<@Nullable String>> records = new ArrayList<>();
    for (int row = random.nextInt(200); row >= 0; row--) {
      List<@Nullable String> record = new ArrayList<>();
      record.add(String.valueOf(row));
      record.add(value(plain));
      record.add(random.nextInt(5) == 0 ? null : value(plain));
      records.add(record);
    }
    return records;
  }

  /** The same records in csv that quotes only what it must, now and then with other line ends. */
  private String csv(List<List<@Nullable String>> records, boolean lastEnd) {
    StringBuilder text = new StringBuilder();
    for (List<@Nullable String> record : records) {
      for (int i = 0; i < record.size(); i++) {
        String each = record.get(i);
        text.append(i == 0 ? "" : ",");
        boolean quote =
            each != null
                && (each.isEmpty()
                    || each.equals("\\N")
                    || each.matches("(?s).*[\n\r\",].*")
                    || random.nextInt(4) == 0);
        text.append(each == null ? "\\N" : quote ? '"' + each.replace("\"", "\"\"") + '"' : each);
      }
      text.append(random.nextBoolean() ? "\n" : "\r\n");
    }
    if (!lastEnd) {
      text.setLength(text.length() - (text.toString().endsWith("\r\n") ? 2 : 1));
    }
    return text.toString();
  }

  private Map<String, Object> options(Path file, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", file.toString());
    options.put("splitBy", "volume");
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private void assertExact(
      Map<String, Object> options, List<List<@Nullable String>> records, int number) {
    // A piece for each byte takes long, so not every file is cut so small.
    long smallest = number % 10 == 0 ? 1 : 20 + random.nextInt(60);
    for (long pieceBytes : new long[] {smallest, 100 + random.nextInt(900), 1 << 20}) {
      options.put("maxSplitBytes", pieceBytes);
      Rows.Read read = Rows.read(new FilesConnector(), options, 4, TestContext.create());
      assertThat(read.reasons()).as("file %s in pieces of %s", number, pieceBytes).isEmpty();
      assertThat(read.records())
          .as("file %s in pieces of %s", number, pieceBytes)
          .isEqualTo(records);
    }
  }

  @Test
  void csvWithQuotedNewlinesIsCutExactlyAtRecords() throws IOException {
    for (int i = 0; i < FILES; i++) {
      List<List<@Nullable String>> records = records(false);
      Path file = folder.resolve(i + ".csv");
      String mark = i % 7 == 0 ? "\ufeff" : "";
      Files.writeString(file, mark + csv(records, i % 2 == 0));
      assertExact(options(file), records, i);
    }
  }

  @Test
  void csvWithAHeaderIsCutAndTheHeaderIsNoRecord() throws IOException {
    for (int i = 0; i < FILES / 3; i++) {
      List<List<@Nullable String>> records = records(false);
      Path file = folder.resolve(i + ".csv");
      Files.writeString(file, "id,\"a\nname\",c\n" + csv(records, true));
      List<Object> columns =
          List.of(Map.of("name", "id", "type", "string"), "a\nname", Map.of("index", 2));
      assertExact(options(file, "column", columns, "skipHeader", true), records, i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "csv"})
  void linesAreCutWithoutLookingAtTheFileFirst(String format) throws IOException {
    for (int i = 0; i < FILES; i++) {
      List<List<@Nullable String>> records = records(true);
      StringBuilder text = new StringBuilder();
      for (List<@Nullable String> record : records) {
        List<String> values = new ArrayList<>();
        record.forEach(value -> values.add(value == null ? "\\N" : value));
        // Without quotes this text would be NULL.
        record.replaceAll(value -> "\\N".equals(value) ? null : value);
        text.append(String.join(",", values)).append(random.nextBoolean() ? "\n" : "\r\n");
      }
      Path file = folder.resolve(i + ".dat");
      Files.writeString(file, text);
      Map<String, Object> options =
          options(file, "fileFormat", format, "csvReaderConfig", Map.of("multiline", false));
      assertExact(options, records, i);
    }
  }

  @Test
  void jsonLinesAreCutAtLines() throws IOException {
    for (int i = 0; i < FILES / 3; i++) {
      List<List<@Nullable String>> records = records(false);
      StringBuilder text = new StringBuilder();
      for (List<@Nullable String> record : records) {
        text.append("{\"id\": \"").append(record.get(0)).append("\", \"a\":");
        text.append(json(record.get(1))).append(",\"b\":").append(json(record.get(2)));
        text.append(" }\n");
      }
      Path file = folder.resolve(i + ".jsonl");
      Files.writeString(file, text);
      assertExact(options(file), records, i);
    }
  }

  private static String json(@Nullable String value) {
    if (value == null) {
      return "null";
    }
    StringBuilder text = new StringBuilder("\"");
    value
        .chars()
        .forEach(
            c ->
                text.append(
                    c >= 0x20 && c < 0x7f && c != '"' && c != '\\'
                        ? String.valueOf((char) c)
                        : String.format("\\u%04x", c)));
    return text.append('"').toString();
  }

  @Test
  void gbkIsCutAtRecords() throws IOException {
    for (int i = 0; i < FILES / 3; i++) {
      List<List<@Nullable String>> records = records(false);
      records.forEach(
          record ->
              record.replaceAll(
                  each -> each == null ? null : each.replace("😀", "丨|").replace("é", "亅")));
      Path file = folder.resolve(i + ".csv");
      Files.write(file, csv(records, true).getBytes(Charset.forName("gbk")));
      assertExact(options(file, "encoding", "gbk"), records, i);
    }
  }

  @Test
  void whatCannotBeCutStaysWholeAndTheLogSaysWhy() throws IOException {
    Path file = folder.resolve("wide.csv");
    Files.write(file, "a,b\nc,d\n".getBytes(StandardCharsets.UTF_16LE));
    Rows.Read read =
        Rows.read(new FilesConnector(), options(file, "encoding", "utf-16le", "maxSplitBytes", 3L));

    assertThat(read.plan().splits()).hasSize(1);
    assertThat(read.plan().rule()).contains("by volume", "cannot be cut in encoding UTF-16LE");
    assertThat(read.records()).containsExactly(List.of("a", "b"), List.of("c", "d"));
  }

  @Test
  void aRecordThatIsDirtyInOnePieceIsSoOnce() throws IOException {
    Path file = folder.resolve("dirty.csv");
    Files.writeString(file, "1,a\n2\n3,\"c\nc\"x\n4,d\n5,\"never closed\n6,f\n");
    Rows.Read read = Rows.read(new FilesConnector(), options(file, "maxSplitBytes", 1L));

    assertThat(read.records()).containsExactly(List.of("1", "a"), List.of("4", "d"));
    assertThat(read.reasons())
        .satisfiesExactly(
            each -> assertThat(each).contains("1 value instead of 2", "dirty.csv, line 2"),
            each -> assertThat(each).contains("follow the quote", "line 3"),
            each -> assertThat(each).contains("line 6 is never closed", "cut off"));
  }
}
