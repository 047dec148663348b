package io.millrace.kafka.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.LocalFiles;
import io.millrace.api.TaskContext.Rules;
import io.millrace.api.TaskForm;
import io.millrace.api.option.Options;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.kafka.value.DelimitedFields;
import io.millrace.kafka.value.FieldParser;
import io.millrace.kafka.value.Fields;
import io.millrace.kafka.value.JsonFields;
import io.millrace.kafka.value.NumberUnit;
import io.millrace.kafka.value.TypedValues;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Times;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the writer wrote the reader reads back with the same options, in every form of document. */
class SameOptionsTest {

  static Stream<Arguments> everything() {
    List<Arguments> all = new ArrayList<>();
    for (String mode : List.of("json", "csv", "text")) {
      for (TaskForm form : TaskForm.values()) {
        for (String zone :
            List.of("UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Asia/Kolkata")) {
          all.add(Arguments.of(mode, form, ZoneId.of(zone)));
        }
      }
    }
    return all.stream();
  }

  private static FieldParser parser(String mode, Schema schema) {
    List<Field> fields = schema.fields();
    return mode.equals("json")
        ? new JsonFields(
            fields.stream().map(field -> List.of(field.name())).toList(),
            fields.stream().map(field -> false).toList(),
            1000)
        : new DelimitedFields(List.of(0, 1, 2, 3), ",", mode.equals("csv"), null);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void datesAndTimesComeBack(String mode, TaskForm form, ZoneId zone) throws Exception {
    boolean foreign = Rules.of(form).isForeign();
    for (int scale : List.of(0, 3, 6)) {
      RecordBatch written = Times.written(scale);
      Options.Checked checked =
          Options.check(
              WriteOptions.declared(),
              Map.of("server", "a:1", "topic", "t", "writeMode", mode, "fieldDelimiter", ","));
      assertThat(checked.problems()).isEmpty();
      RecordEncoder encoder =
          new RecordEncoder(
              WriteOptions.of(checked.options(), LocalFiles.ANYWHERE),
              new Target(1, 1_000_000, false, Target.Times.ANY),
              MessageLimits.of(Map.of("bootstrap.servers", "a:1"), 1_000_000),
              written.schema(),
              TestContext.create().withZone(zone).withRules(Rules.of(form)).task());

      Schema schema = Times.schema(6);
      FieldParser parser = parser(mode, schema);
      Fields fields = new Fields(schema.size());
      RecordBatch read = new RecordBatch(schema, 1 << 20, 1000);
      for (int row = 0; row < written.size(); row++) {
        byte[] message = Objects.requireNonNull(encoder.encode(written, row).value());
        parser.parse(message, 0, message.length, fields);
        for (int i = 0; i < schema.size(); i++) {
          TypedValues.append(read.column(i), fields, i, zone, NumberUnit.KAFKAS_OWN);
        }
        read.endRecord(row);
      }
      assertThat(Records.texts(read)).isEqualTo(Times.readBack(foreign ? zone : null));
    }
  }
}
