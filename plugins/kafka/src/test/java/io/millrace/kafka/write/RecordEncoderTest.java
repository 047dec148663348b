package io.millrace.kafka.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.LocalFiles;
import io.millrace.api.option.Options;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.kafka.value.BadValueException;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What records become before they are sent. */
class RecordEncoderTest {

  private static byte[] value(Sample sample, Object... options) throws BadValueException {
    Map<String, Object> raw = new HashMap<>(Map.of("server", "a:1", "topic", "t"));
    for (int i = 0; i < options.length; i += 2) {
      raw.put((String) options[i], options[i + 1]);
    }
    Options.Checked checked = Options.check(WriteOptions.declared(), raw);
    assertThat(checked.problems()).isEmpty();
    return new RecordEncoder(
            WriteOptions.of(checked.options(), LocalFiles.ANYWHERE),
            new Target(1, 1_000_000, false, Target.Times.ANY),
            MessageLimits.of(Map.of("bootstrap.servers", "a:1"), 1_000_000),
            sample.schema(),
            TestContext.create().task())
        .encode(sample.batch(), 0)
        .value();
  }

  private static double real(Field field, Object value) throws BadValueException {
    Sample sample = Sample.of(Schema.of(field), List.of(value));
    return ByteBuffer.wrap(value(sample, "valueIndex", 0, "valueType", "double")).getDouble();
  }

  @Test
  void aNumberThatADoubleCannotHoldIsBadAndNotAnother() throws BadValueException {
    Field whole = Field.of("x", ColumnType.INT64);
    Field decimal = Field.decimal("x", 30, 10);
    Field text = Field.of("x", ColumnType.STRING);
    assertThat(real(whole, 1L << 53)).isEqualTo(9007199254740992.0);
    assertThat(real(whole, 1L << 60)).isEqualTo(0x1p60);
    assertThat(real(decimal, new BigDecimal("12.3400000000"))).isEqualTo(12.34);
    assertThat(real(text, "-Infinity")).isNegative().isInfinite();
    assertThatThrownBy(() -> real(whole, (1L << 53) + 1)).isInstanceOf(BadValueException.class);
    assertThatThrownBy(() -> real(decimal, new BigDecimal("12345678901234567.1234567891")))
        .isInstanceOf(BadValueException.class);
    for (String bad : List.of("1e400", "1e-400", "1d", "0.12345678901234567891")) {
      assertThatThrownBy(() -> real(text, bad)).isInstanceOf(BadValueException.class);
    }
  }

  private static long whole(Field field, Object value) throws BadValueException {
    Sample sample = Sample.of(Schema.of(field), List.of(value));
    return ByteBuffer.wrap(value(sample, "valueIndex", 0, "valueType", "long")).getLong();
  }

  @Test
  void aNumberWithNothingBehindThePointIsWholeAndAnyOtherIsBad() throws BadValueException {
    Field decimal = Field.decimal("x", 20, 4);
    Field real = Field.of("x", ColumnType.FLOAT64);
    Field text = Field.of("x", ColumnType.STRING);
    Field unsigned = Field.of("x", ColumnType.INT64).withBits(64, true);
    assertThat(whole(decimal, new BigDecimal("2.0000"))).isEqualTo(2);
    assertThat(whole(real, -3.0)).isEqualTo(-3);
    assertThat(whole(real, 1e15)).isEqualTo(1_000_000_000_000_000L);
    assertThat(whole(text, "7")).isEqualTo(7);
    assertThat(whole(unsigned, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> whole(decimal, new BigDecimal("2.0001")))
        .isInstanceOf(BadValueException.class);
    assertThatThrownBy(() -> whole(real, 1e19)).isInstanceOf(BadValueException.class);
    assertThatThrownBy(() -> whole(real, Double.NaN)).isInstanceOf(BadValueException.class);
    assertThatThrownBy(() -> whole(text, "2.0")).isInstanceOf(BadValueException.class);
    // 2^64 - 1, which was written as -1.
    assertThatThrownBy(() -> whole(unsigned, -1L)).isInstanceOf(BadValueException.class);
  }

  @Test
  void aHeaderInBase64WithSpareBitsIsBadAndNotAnother() throws BadValueException {
    Schema schema = Schema.of(Field.of("v", ColumnType.STRING), Field.of("h", ColumnType.STRING));
    Sample good = Sample.of(schema, List.of("v", "[{\"key\":\"k\",\"base64\":\"/w==\"}]"));
    assertThat(new String(value(good, "headersIndex", 1), StandardCharsets.UTF_8)).isEqualTo("v");
    Sample bad = Sample.of(schema, List.of("v", "[{\"key\":\"k\",\"base64\":\"/x==\"}]"));
    assertThatThrownBy(() -> value(bad, "headersIndex", 1))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("not Base64");
  }
}
