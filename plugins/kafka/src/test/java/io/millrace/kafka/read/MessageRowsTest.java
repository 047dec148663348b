package io.millrace.kafka.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.TaskContext.Limits;
import io.millrace.api.option.Options;
import io.millrace.api.record.RecordBatch;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What becomes of single messages, and what is kept of dirty ones. */
class MessageRowsTest {

  private static final int MOST = 100_000;

  private final TestContext context =
      TestContext.create().withLimits(new Limits(1 << 20, 100, MOST, 1));
  private List<List<String>> records = List.of();

  private List<RawValue> dirty(byte[] value, Object column, Object... more) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", "a:1", "topic", "t"));
    raw.put("column", column);
    for (int i = 0; i < more.length; i += 2) {
      raw.put((String) more[i], more[i + 1]);
    }
    Options.Checked checked = Options.check(DeclaredOptions.all(), raw);
    assertThat(checked.problems()).isEmpty();
    Layout layout = Layout.of(checked.options());
    PartitionRange range = new PartitionRange(new TopicPartition("t", 0), "", 0, 9);
    RecordBatch batch = new RecordBatch(layout.schema(), 1 << 20, 10);
    new MessageRows(layout, range, context.task(), context.dirty())
        .append(
            new ConsumerRecord<>(
                "t",
                0,
                5,
                ByteBuffer.wrap("k".getBytes(StandardCharsets.UTF_8)),
                ByteBuffer.wrap(value)),
            batch);
    records = Records.texts(batch).stream().map(List::copyOf).toList();
    int count = context.dirty().entries().size();
    return count == 0 ? List.of() : context.dirty().entries().get(count - 1).raw();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final Object COLUMNS =
      List.of("__key__", Map.of("name", "id", "type", "long"), "name", "far.off");

  @Test
  void aNumberIsAMomentInTheUnitThatItsColumnOrTheTaskSays() {
    String moment = "2020-09-13 12:26:40.500000Z";
    Object[][] cases = {
      {"timestamp", null, "1600000000500"},
      {"timestamp", "MILLISECOND", "1600000000500"},
      {"timestamp", "second", "1600000000.5"},
      {"timestamp", "MICROSECOND", "1600000000500000"},
      {"seconds", "MICROSECOND", "1600000000.500"},
      {"millis", "SECOND", "1600000000500"},
      {"micros", null, "1600000000500000"}
    };
    for (Object[] each : cases) {
      Object column = List.of(Map.of("name", "t", "type", each[0]));
      Object[] unit = each[1] == null ? new Object[0] : new Object[] {"timeStampUnit", each[1]};
      boolean told = each[1] != null || !each[0].equals("timestamp");
      for (String message :
          told
              ? List.of("{\"t\":" + each[2] + "}", "{\"t\":\"" + each[2] + "\"}")
              : List.of("{\"t\":" + each[2] + "}")) {
        assertThat(dirty(utf8(message), column, unit)).as(message).isEmpty();
        assertThat(records).containsExactly(List.of(moment));
      }
      for (String format : told ? List.of("text", "csv") : List.<String>of()) {
        Object[] more = Arrays.copyOf(unit, unit.length + 2);
        more[unit.length] = "dataFormat";
        more[unit.length + 1] = format;
        assertThat(dirty(utf8((String) each[2]), column, more)).as(format).isEmpty();
        assertThat(records).containsExactly(List.of(moment));
      }
    }
    // What the record itself tells counts milliseconds, whatever numbers in its value do.
    Object own = List.of(Map.of("name", "t", "path", "__timestamp__", "type", "timestamp"));
    assertThat(dirty(utf8("{}"), own, "timeStampUnit", "SECOND")).isEmpty();
    // Nobody has said what it counts.
    Object untold = List.of(Map.of("name", "t", "type", "timestamp"));
    assertThat(dirty(utf8("{\"t\":\"1600000000500\"}"), untold)).isNotEmpty();
    Object micros = List.of(Map.of("name", "t", "type", "micros"));
    for (String bad : List.of("1.5", "1e3", "99999999999999999999", "-", ".")) {
      assertThat(dirty(utf8("{\"t\":\"" + bad + "\"}"), micros)).as(bad).isNotEmpty();
    }
  }

  @Test
  void aMessageThatBreaksHalfwayIsKeptWholeAndIsNotTheValueOfItsColumn() {
    String broken = "{\"id\": 1, \"name\": \"half\", \"pad\": \"" + "x".repeat(5000) + "\", ";
    assertThat(dirty(utf8(broken), COLUMNS))
        .containsExactly(
            new RawValue("STRING", 1, "k"),
            new RawValue("VALUE", broken.length(), broken, Kept.CUT),
            new RawValue("STRING", 0, null, Kept.CUT),
            new RawValue("STRING", 0, null, Kept.CUT));
    for (Object format : List.of("text", "csv")) {
      assertThat(dirty(utf8("7,\"a"), COLUMNS, "dataFormat", format))
          .extracting(RawValue::kept)
          .containsExactly(Kept.WHOLE, Kept.CUT, Kept.CUT, Kept.CUT);
      assertThat(context.dirty().entries())
          .last()
          .satisfies(e -> assertThat(e.raw().get(1).text()).isEqualTo("7,\"a"));
    }
  }

  @Test
  void aBrokenMessageThatIsNoTextIsKeptAsBase64() {
    byte[] broken = {'{', (byte) 0xff, 0, 1};
    assertThat(dirty(broken, COLUMNS).get(1))
        .isEqualTo(
            new RawValue(
                "VALUE", 4, "base64:" + Base64.getEncoder().encodeToString(broken), Kept.CUT));
    byte[] chinese = "{\"id\": 中".getBytes(Charset.forName("GBK"));
    assertThat(dirty(chinese, COLUMNS, "encoding", "GBK").get(1).text()).isEqualTo("{\"id\": 中");
  }

  @Test
  void whatIsAbsentNullAndBadAreThreeThingsAndTheRestIsKeptAsItsValue() {
    Object columns =
        List.of(
            Map.of("name", "id", "type", "long"),
            Map.of("name", "none", "type", "long"),
            Map.of("name", "missing", "type", "long"),
            Map.of("name", "raw", "type", "bytes"),
            Map.of("name", "at", "type", "timestamp"),
            Map.of("name", "yes", "type", "bool"),
            "__headers__",
            "__headers__.trace");
    assertThat(
            dirty(
                utf8(
                    "{\"id\": \"x\", \"none\": null, \"raw\": \"AQI=\", \"at\": 1764000000123,"
                        + " \"yes\": true}"),
                columns))
        .extracting(value -> value.text() + " " + value.kept())
        .containsExactly(
            "x WHOLE",
            "null WHOLE",
            "null ABSENT",
            "0x0102 WHOLE",
            "2025-11-24 16:00:00.123000Z WHOLE",
            "true WHOLE",
            "[] WHOLE",
            "null ABSENT");
  }

  @Test
  void aLongValueIsKeptWholeAndOnlyWhatIsTooLargeIsCut() {
    String text = "y".repeat(50_000);
    assertThat(dirty(utf8("{\"id\": \"z\", \"name\": \"" + text + "\"}"), COLUMNS).get(2))
        .isEqualTo(new RawValue("STRING", 50_000, text));
    String large = "y".repeat(MOST + 1);
    RawValue cut = dirty(utf8("{\"id\": 1, \"name\": \"" + large + "\"}"), COLUMNS).get(2);
    assertThat(cut.kept()).isEqualTo(Kept.CUT);
    assertThat(cut.byteSize()).isEqualTo(MOST + 1);
  }

  @Test
  void bytesThatAreNoTextAreKeptAsBase64() {
    byte[] value = {(byte) 0xff, 0, 'a'};
    assertThat(dirty(value, List.of("__value__")))
        .containsExactly(new RawValue("STRING", 3, "/wBh", Kept.BASE64));
  }

  @Test
  void bytesThatAreNoTextOfTheEncodingAreDirtyAndNotReplaced() {
    byte[] value = {'"', (byte) 0x81, '"'};
    assertThat(dirty(value, List.of("__value__"), "encoding", "GBK")).hasSize(1);
    assertThat(records).isEmpty();
    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.reason().code()).isEqualTo("BAD_TEXT"));
  }

  @Test
  void aDelimiterMayStandAsAnEscape() {
    Object two = List.of(Map.of("index", 0), Map.of("index", 1));
    for (String delimiter : List.of("\\t", "\\u0009", "\\x9")) {
      dirty(utf8("a\tb"), two, "dataFormat", "text", "fieldDelimiter", delimiter);
      assertThat(records).containsExactly(List.of("a", "b"));
    }
  }

  @Test
  void aPathThroughAListFindsItsValue() {
    dirty(utf8("{\"a\": [{\"b\": \"x\"}, {\"b\": 2}]}"), List.of("a[0].b", "$.a[1].b"));
    assertThat(records).containsExactly(List.of("x", "2"));
    dirty(utf8("{\"a[0]\": {\"b\": 3}}"), List.of(Map.of("path", List.of("a[0]", "b"))));
    assertThat(records).containsExactly(List.of("3"));
  }

  @Test
  void jsonInUtf16IsReadWithItsEncoding() {
    byte[] value = "{\"a\": {\"x\": [1]}}".getBytes(StandardCharsets.UTF_16);
    assertThat(dirty(value, List.of("a"))).hasSize(1);
    assertThat(records).isEmpty();
    dirty(value, List.of("a"), "encoding", "UTF-16");
    assertThat(records).containsExactly(List.of("{\"x\": [1]}"));
  }
}
