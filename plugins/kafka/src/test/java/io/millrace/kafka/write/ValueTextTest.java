package io.millrace.kafka.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.kafka.value.ByteSink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueTextTest {

  private static String text(int scale, long micros, @Nullable ZoneId zone) {
    Field field = Field.of("t", ColumnType.TIMESTAMP).withScale(scale);
    RecordBatch batch = new RecordBatch(new Schema(List.of(field)), 100, 1);
    batch.longs(0).append(micros);
    batch.endRecord(0);
    ValueText texts = new ValueText(zone);
    ByteSink json = new ByteSink();
    texts.json(json, batch.column(0), 0);
    ByteSink text = new ByteSink();
    texts.text(text, batch.column(0), 0);
    String plain = new String(text.copy(), StandardCharsets.UTF_8);
    assertThat(new String(json.copy(), StandardCharsets.UTF_8)).isEqualTo('"' + plain + '"');
    return plain;
  }

  @Test
  void aTimestampIsTextOfTheGivenZoneOrCanonical() {
    ZoneId shanghai = ZoneId.of("Asia/Shanghai");
    long micros = Calendars.timestamp(Instant.parse("2024-09-15T09:50:33Z"));
    assertThat(text(0, micros, shanghai)).isEqualTo("2024-09-15 17:50:33");
    assertThat(text(3, micros + 120_000, shanghai)).isEqualTo("2024-09-15 17:50:33.120");
    assertThat(text(0, micros + 1, shanghai)).isEqualTo("2024-09-15 17:50:33.000001");
    assertThat(text(0, Calendars.ZERO_TIMESTAMP, shanghai)).isEqualTo("0000-00-00 00:00:00");
    assertThat(text(0, micros, null)).isEqualTo("2024-09-15 09:50:33Z");
  }
}
