package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ByteSinkTest {

  private final ByteSink sink = new ByteSink(1);

  private String taken() {
    String text = new String(sink.bytes(), 0, sink.size(), StandardCharsets.ISO_8859_1);
    sink.cut(0);
    return text;
  }

  @Test
  void writesWholeNumbersAsLongDoes() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      sink.number(value);
      assertThat(taken()).isEqualTo(Long.toString(value));
      sink.unsigned(value);
      assertThat(taken()).isEqualTo(Long.toUnsignedString(value));
    }
    sink.number(Long.MIN_VALUE);
    assertThat(taken()).isEqualTo("-9223372036854775808");
    sink.number(0);
    assertThat(taken()).isEqualTo("0");
  }

  @Test
  void writesDecimalsInPlainNotation() {
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong() % 1_000_000_000_000_000_000L >> random.nextInt(60);
      int scale = random.nextInt(19);
      sink.decimal(value, scale);
      assertThat(taken()).isEqualTo(java.math.BigDecimal.valueOf(value, scale).toPlainString());
    }
  }

  @Test
  void writesFloatingPointNumbersThatReadBackTheSame() {
    Random random = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(10_000_000) / 100.0;
            case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(20));
            default -> Float.intBitsToFloat(random.nextInt());
          };
      if (Double.isFinite(value)) {
        sink.real(value);
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(taken())))
            .isEqualTo(Double.doubleToRawLongBits(value));
      }
    }
    sink.real(-0.0);
    assertThat(taken()).isEqualTo("-0.0");
    sink.real(1234.5);
    assertThat(taken()).isEqualTo("1234.5");
  }

  @Test
  void putsABackslashBeforeWhatWouldEndAValue() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    sink.escaped(all, 0, 256, Escape.LOAD);
    assertThat(taken()).contains("\\t", "\\n", "\\\\").doesNotContain("\t", "\n").contains("\0");
    sink.escaped(all, 0, 256, Escape.SQL);
    assertThat(taken()).contains("\\0", "\\'", "\\\\", "\n", "\"").doesNotContain("\0");
  }

  @Test
  void writesDatesAndTimesWithLeadingZeros() {
    sink.date(7, 1, 2);
    sink.put(' ');
    sink.time(3, 4, 5, 60);
    assertThat(taken()).isEqualTo("0007-01-02 03:04:05.000060");
    sink.time(838, 0, 0, 0);
    assertThat(taken()).isEqualTo("838:00:00");
  }
}
