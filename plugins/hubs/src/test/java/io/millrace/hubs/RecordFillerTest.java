package io.millrace.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.TaskContext.Limits;
import io.millrace.api.TaskForm;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.hubs.HubOptions.TimeStampUnit;
import io.millrace.testkit.context.TestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept of dirty records. */
class RecordFillerTest {

  private static final int MOST = 10_000;

  private final TestContext context =
      TestContext.create().withLimits(new Limits(1 << 20, 100, MOST, 1));

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private RecordFiller filler(List<?> option, Kept missing) {
    List<HubColumn> columns =
        HubColumn.list(option, "x reader", TaskForm.OWN, TimeStampUnit.SECOND);
    return new RecordFiller(columns, schema(option), missing, context.dirty(), context.task());
  }

  private static Schema schema(List<?> option) {
    return new Schema(
        HubColumn.list(option, "x reader", TaskForm.OWN, TimeStampUnit.SECOND).stream()
            .map(HubColumn::field)
            .toList());
  }

  private List<RawValue> dirty(List<?> option, Kept missing, byte @Nullable []... values) {
    RecordBatch batch = new RecordBatch(schema(option), 1 << 20, 10);
    filler(option, missing).fill(batch, 7, () -> "shard 0", values);
    assertThat(batch.size()).isZero();
    return context.dirty().entries().get(0).raw();
  }

  @Test
  void eachColumnIsKeptAsItsValueOrAsWhatWasRead() {
    List<?> option =
        List.of(
            Map.of("name", "bad", "type", "long"),
            Map.of("name", "at", "type", "timestamp"),
            "'fixed'",
            Map.of("name", "city", "key", "doc", "path", "a[0].b"),
            Map.of("name", "none", "key", "doc", "path", "x"),
            "long",
            "missing");
    byte[] doc = utf8("{\"a\": [{\"b\": \"Köln\"}]}");
    String text = "y".repeat(9000);
    assertThat(dirty(option, Kept.ABSENT, utf8("x1"), utf8("0"), null, doc, doc, utf8(text), null))
        .extracting(value -> value.text() + " " + value.kept())
        .containsExactly(
            "x1 WHOLE",
            "1970-01-01 00:00:00.000000Z WHOLE",
            "fixed WHOLE",
            "Köln WHOLE",
            "null WHOLE",
            text + " WHOLE",
            "null ABSENT");
  }

  @Test
  void whatIsNotThereIsToldFromNullWhereTheServiceDoes() {
    List<?> option = List.of(Map.of("name", "bad", "type", "long"), "missing");
    assertThat(dirty(option, Kept.ABSENT, utf8("x"), null).get(1).kept()).isEqualTo(Kept.ABSENT);
    assertThat(new RecordFillerTest().dirty(option, Kept.WHOLE, utf8("x"), null).get(1).kept())
        .isEqualTo(Kept.WHOLE);
  }

  @Test
  void bytesThatAreNoTextAreKeptAsBase64() {
    assertThat(dirty(List.of("a"), Kept.WHOLE, new byte[] {(byte) 0xff, 0}))
        .containsExactly(new RawValue("STRING", 2, "/wA=", Kept.BASE64));
  }

  @Test
  void aDocumentThatIsNoJsonIsNotTheValueOfItsPath() {
    List<?> option = List.of(Map.of("name", "city", "key", "doc", "path", "a"));
    assertThat(dirty(option, Kept.WHOLE, utf8("{\"a\": 1, ")))
        .containsExactly(new RawValue("STRING", 9, "{\"a\": 1, ", Kept.CUT));
  }

  @Test
  void aDocumentThatIsNoUtf8IsDirtyAndNotReadWithOtherLetters() {
    byte[] doc = utf8("{\"a\": \"?\"}");
    doc[7] = (byte) 0xff;
    List<?> option = List.of(Map.of("name", "city", "key", "doc", "path", "a"));
    assertThat(dirty(option, Kept.WHOLE, doc).get(0).kept()).isEqualTo(Kept.CUT);
    assertThat(context.dirty().entries().get(0).reason().code()).isEqualTo("NOT_JSON");
  }

  @Test
  void whatIsTooLargeIsCutAndSaysSo() {
    RawValue raw = dirty(List.of("a"), Kept.WHOLE, new byte[MOST + 1]).get(0);
    assertThat(raw.kept()).isEqualTo(Kept.CUT);
    assertThat(raw.byteSize()).isEqualTo(MOST + 1);
  }

  @Test
  void aRecordThatCannotBeTakenApartIsKeptWholeAndNothingOfItIsNull() {
    RecordFiller filler = filler(List.of("a", "b"), Kept.ABSENT);
    BadValueException reason = new BadValueException("NOT_A_LOG", "broken");
    filler.broken(1, "shard 0", new byte[] {1, 2}, reason);
    filler.broken(2, "shard 0", null, reason);
    assertThat(context.dirty().entries().get(0).raw())
        .containsExactly(
            new RawValue("RECORD", 2, "base64:AQI=", Kept.CUT),
            new RawValue("STRING", 0, null, Kept.CUT));
    assertThat(context.dirty().entries().get(1).raw())
        .extracting(RawValue::kept)
        .containsOnly(Kept.CUT);
  }
}
