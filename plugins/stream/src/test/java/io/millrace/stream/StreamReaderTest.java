package io.millrace.stream;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamReaderTest {

  private final FakeContext context = new FakeContext();

  private static Map<String, Object> column(String type, String key, Object value) {
    return Map.of("type", type, key, value);
  }

  private static Reader reader(long records, List<?> columns) {
    StreamReaderFactory factory = new StreamReaderFactory();
    Options.Checked checked =
        Options.check(
            factory.options(), Map.of("sliceRecordCount", records, "column", columns, "seed", 7));
    assertThat(checked.problems()).isEmpty();
    return factory.create(checked.options(), FakeContext.TASK);
  }

  private List<String> rows(Reader reader, Split split) {
    List<String> rows = new ArrayList<>();
    RecordBatch batch = new RecordBatch(reader.schema(context), 1 << 16, 10);
    boolean more = true;
    try (SplitReader open = reader.open(split, context)) {
      while (more) {
        batch.clear();
        more = open.read(batch);
        RecordView record = new RecordView(batch);
        while (record.next()) {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < batch.schema().size(); i++) {
            values.add(String.valueOf(record.text(i)));
          }
          rows.add(String.join("|", values));
        }
      }
    }
    return rows;
  }

  @Test
  void constantsOfEveryTypeArriveAsGiven() {
    Map<String, Object> nothing = new java.util.HashMap<>();
    nothing.put("type", "long");
    nothing.put("value", null);
    Reader reader =
        reader(
            2,
            List.of(
                column("string", "value", "DataX"),
                column("long", "value", 19890604),
                column("double", "value", "0.5"),
                column("bool", "value", true),
                column("date", "value", "1989-06-04 00:00:00"),
                column("bytes", "value", "test"),
                nothing));
    Split split = reader.split(new SplitRequest(1), context).splits().get(0);
    String row = "DataX|19890604|0.5|true|1989-06-04 00:00:00|0x74657374|null";
    assertThat(rows(reader, split)).containsExactly(row, row);
  }

  @Test
  void everyChannelGetsASplitOfTheSameSize() {
    Reader reader = reader(25, List.of(column("long", "incr", "100,2")));
    List<Split> splits = reader.split(new SplitRequest(3), context).splits();
    assertThat(splits).hasSize(3);
    List<String> all = new ArrayList<>();
    for (Split split : splits) {
      assertThat(rows(reader, split)).hasSize(25);
      all.addAll(rows(reader, split));
    }
    assertThat(all).doesNotHaveDuplicates().hasSize(75).startsWith("100", "102").endsWith("248");
  }

  @Test
  void aSplitThatIsReadAgainGivesTheSameRows() {
    List<?> columns =
        List.of(
            column("string", "random", "1,20"),
            column("long", "random", "0,1000000"),
            column("double", "random", "-1,1"),
            column("bool", "random", "1,1"),
            column("date", "random", "2014-07-07 00:00:00, 2016-07-07 00:00:00"),
            column("bytes", "random", "0,5"));
    Reader reader = reader(50, columns);
    List<Split> splits = reader.split(new SplitRequest(2), context).splits();
    List<String> once = rows(reader, splits.get(0));
    assertThat(rows(reader(50, columns), splits.get(0))).isEqualTo(once);
    assertThat(rows(reader, splits.get(1))).isNotEqualTo(once);
  }

  @Test
  void randomRangesIncludeBothEnds() {
    Reader reader =
        reader(1000, List.of(column("long", "random", "0,3"), column("bool", "random", "0,1")));
    Split split = reader.split(new SplitRequest(1), context).splits().get(0);
    assertThat(rows(reader, split)).contains("0|true", "1|true", "2|true", "3|true");
    assertThat(rows(reader, split)).noneMatch(row -> row.contains("false"));
  }

  @Test
  void theWholeRangeOfLongsIsPossible() {
    String all = Long.MIN_VALUE + "," + Long.MAX_VALUE;
    Reader reader = reader(10, List.of(column("long", "random", all)));
    Split split = reader.split(new SplitRequest(1), context).splits().get(0);
    assertThat(rows(reader, split)).doesNotHaveDuplicates();
  }

  @Test
  void noRowsAreAnEmptySplit() {
    Reader reader = reader(0, List.of(column("long", "value", 1)));
    Split split = reader.split(new SplitRequest(1), context).splits().get(0);
    assertThat(rows(reader, split)).isEmpty();
  }

  @Test
  void whatIsWrongWithAColumnIsSaidWithItsPlace() {
    wrong(column("text", "value", "x"), "entry 1: type 'text' is not one of string, long");
    wrong(column("long", "random", "9,1"), "9 is above 1");
    wrong(column("long", "random", "9"), "two ends with a comma");
    wrong(column("long", "value", "x"), "'x' is not a whole number");
    wrong(column("bool", "value", "yes"), "neither true nor false");
    wrong(column("date", "value", "x"), "not a date of the form yyyy-MM-dd HH:mm:ss");
    wrong(column("date", "value", "2023-02-29"), "not a date of the form yyyy-MM-dd HH:mm:ss");
    wrong(
        Map.of("type", "date", "value", "20230229", "dateFormat", "yyyyMMdd"),
        "not a date of the form yyyyMMdd");
    wrong(column("string", "random", "0,99999999999"), "must lie between 0 and");
    wrong(column("string", "incr", "1"), "incr is for type long only");
    wrong(Map.of("type", "long"), "exactly one of value, random and incr");
    wrong(Map.of("type", "long", "valu", 1), "unknown key 'valu'");
    wrong("long", "expected an object");
  }

  @Test
  void aDayThatNoCalendarHasIsRefusedAndNotTheOneBeforeIt() {
    for (String day : List.of("2023-02-29", "2023-04-31 00:00:00", "2023-02-28 24:00:00")) {
      wrong(column("date", "value", day), "not a date of the form");
      wrong(column("date", "random", "2023-01-01," + day), "not a date of the form");
    }
    wrong(
        Map.of("type", "date", "value", "29.02.2023", "dateFormat", "dd.MM.yyyy"),
        "not a date of the form dd.MM.yyyy");
    wrong(
        Map.of("type", "date", "value", "2023-02-28 04:00:00", "dateFormat", "yyyy-MM-dd hh:mm:ss"),
        "not a date of the form");
    Reader reader =
        reader(
            1,
            List.of(
                Map.of("type", "date", "value", "29.02.2024", "dateFormat", "dd.MM.yyyy"),
                column("date", "value", "2024-02-29 01:02:03")));
    Split split = reader.split(new SplitRequest(1), context).splits().get(0);
    assertThat(rows(reader, split)).containsExactly("2024-02-29 00:00:00|2024-02-29 01:02:03");
  }

  private static void wrong(Object column, String message) {
    assertThatThrownBy(() -> reader(1, Arrays.asList(column)))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("stream reader: option 'column', entry 1: ")
        .hasMessageContaining(message);
  }

  @Test
  void aCancelledSplitEnds() {
    Reader reader = reader(1_000_000, List.of(column("long", "value", 1)));
    Split split = reader.split(new SplitRequest(1), context).splits().get(0);
    context.cancel();
    assertThatThrownBy(() -> rows(reader, split)).hasMessage("cancelled");
  }
}
