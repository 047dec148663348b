package io.millrace.files.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TextBufferTest {

  private final TextBuffer buffer = new TextBuffer();

  private String taken() {
    String text = new String(buffer.bytes(), 0, buffer.size(), StandardCharsets.US_ASCII);
    buffer.truncate(0);
    return text;
  }

  /** The neighbours of each power of ten and two, and many others of every length. */
  private static LongStream numbers() {
    LongStream.Builder numbers = LongStream.builder().add(Long.MIN_VALUE);
    long ten = 1;
    for (int i = 0; i < 63; i++) {
      numbers.add((1L << i) - 1).add(1L << i).add((1L << i) + 1);
      if (i < 19) {
        numbers.add(ten - 1).add(ten).add(ten + 1);
        ten *= 10;
      }
    }
    Random random = new Random(20_261_125);
    for (int i = 0; i < 100_000; i++) {
      numbers.add(random.nextLong() >>> random.nextInt(1, 64));
    }
    return numbers.add(Long.MAX_VALUE).build();
  }

  @Test
  void wholeNumbersAreWrittenAsJavaWritesThem() {
    numbers()
        .forEach(
            number -> {
              buffer.put(number);
              assertThat(taken()).isEqualTo(Long.toString(number));
              buffer.put(-number);
              assertThat(taken()).isEqualTo(Long.toString(-number));
            });
  }

  @Test
  void decimalsOfEveryScaleAreWrittenAsJavaWritesThem() {
    numbers()
        .forEach(
            number -> {
              int scale = (int) Math.floorMod(number, 19L);
              for (long unscaled : new long[] {number, -number}) {
                Field field = Field.decimal("d", 19, scale);
                DecimalColumn column =
                    (DecimalColumn) new RecordBatch(Schema.of(field), 1 << 10, 1).column(0);
                column.append(unscaled);
                ValueWriters.of(field, null, ZoneOffset.UTC).write(column, 0, buffer);
                assertThat(taken()).isEqualTo(BigDecimal.valueOf(unscaled, scale).toPlainString());
              }
            });
  }

  @Test
  void leadingZerosFillTheDigitsThatAreAskedFor() {
    for (int digits = 1; digits <= 6; digits++) {
      for (long number : new long[] {0, 7, 42, 123_456}) {
        if (Long.toString(number).length() <= digits) {
          buffer.put(number, digits);
          assertThat(taken()).isEqualTo(("%0" + digits + "d").formatted(number));
        }
      }
    }
  }

  @Test
  void theBufferGrowsWithWhatItIsGiven() {
    StringBuilder expected = new StringBuilder();
    for (long i = 0; i < 100_000; i++) {
      buffer.put(i * 1_000_003);
      expected.append(i * 1_000_003);
    }
    assertThat(taken()).isEqualTo(expected.toString());
  }
}
