package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.mysql.type.MySqlColumn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LoadStreamTest {

  private static final Schema SCHEMA =
      Schema.of(
          Field.of("a", ColumnType.STRING),
          Field.of("b", ColumnType.STRING),
          Field.of("c", ColumnType.STRING));

  private static List<ColumnPlan> plans() {
    List<ColumnPlan> plans = new ArrayList<>();
    for (Field field : SCHEMA.fields()) {
      MySqlColumn column =
          new MySqlColumn(
              field.name(),
              "text",
              "text",
              "utf8mb4",
              "utf8mb4_bin",
              0,
              false,
              false,
              false,
              true,
              Optional.of(field));
      plans.add(
          new ColumnPlans(
                  ZeroDate.KEEP,
                  false,
                  false,
                  ZoneOffset.UTC,
                  false,
                  none -> new Members(List.of(), text -> false))
              .plan(field, plans.size(), new TargetColumn(column, field)));
    }
    return plans;
  }

  private static String read(LoadStream stream, Random random) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[100_000];
    while (true) {
      int count = stream.read(buffer, 0, 1 + random.nextInt(buffer.length));
      if (count < 0) {
        return all.toString(StandardCharsets.UTF_8);
      }
      all.write(buffer, 0, count);
    }
  }

  @Test
  void givesEveryRecordOnceWhateverIsAskedForAtATime() {
    Random random = new Random(1);
    for (int run = 0; run < 50; run++) {
      RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 1 << 20);
      Rows rows = new Rows(batch);
      rows.reset(batch);
      StringBuilder expected = new StringBuilder();
      int count = 1 + random.nextInt(40);
      for (int row = 0; row < count; row++) {
        boolean wanted = random.nextInt(5) > 0;
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 3; i++) {
          line.append(i == 0 ? "" : "\t");
          if (random.nextInt(5) == 0) {
            batch.column(i).appendNull();
            line.append("\\N");
          } else {
            // Some around the bounds of pieces and chunks.
            int length =
                random.nextInt(3) == 0
                    ? (16 << 10) * random.nextInt(9) + random.nextInt(3)
                    : random.nextInt(20);
            String value = "x\n".repeat(length / 2) + "y".repeat(length % 2);
            batch.bytes(i).append(value);
            line.append(value.replace("\n", "\\n"));
          }
        }
        batch.endRecord(row);
        if (wanted) {
          rows.add(row);
          expected.append(line).append('\n');
        }
      }
      assertThat(read(new LoadStream(plans(), rows).start(rows), random))
          .isEqualTo(expected.toString());
    }
  }
}
