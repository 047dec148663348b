package io.millrace.api.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordBatchTest {

  private static final Schema EVERY_TYPE =
      Schema.of(
          Field.of("boolean", ColumnType.BOOLEAN),
          Field.of("int", ColumnType.INT64),
          Field.of("unsigned", ColumnType.INT64).withBits(64, true),
          Field.of("float", ColumnType.FLOAT64),
          Field.decimal("decimal", 65, 2),
          Field.of("string", ColumnType.STRING),
          Field.of("json", ColumnType.JSON),
          Field.of("bytes", ColumnType.BYTES),
          Field.of("time", ColumnType.TIME),
          Field.of("date", ColumnType.DATE),
          Field.of("datetime", ColumnType.DATETIME),
          Field.of("timestamp", ColumnType.TIMESTAMP));

  private static Object[] values() {
    return new Object[] {
      true,
      Long.MIN_VALUE,
      -1L,
      -0.0,
      new BigDecimal("-123456789012345678901234567890.12"),
      "a\u0000\t\n\\ 😀",
      "{\"a\":[1]}",
      new byte[] {0, -1, 92},
      -3_020_399_999_999L,
      LocalDate.of(2024, 2, 29),
      LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000),
      Instant.parse("1969-12-31T23:59:59.999999Z")
    };
  }

  private static RecordBatch batch(Schema schema) {
    return new RecordBatch(schema, 1 << 20, 1000);
  }

  @Test
  void everyTypeComesBackAsItWentIn() {
    RecordBatch batch = batch(EVERY_TYPE);
    RecordView.append(batch, 7, values());
    RecordView.append(batch, 8, new Object[EVERY_TYPE.size()]);
    RecordView view = new RecordView(batch);
    assertThat(view.next()).isTrue();
    for (int i = 0; i < EVERY_TYPE.size(); i++) {
      assertThat(view.value(i)).isEqualTo(values()[i]);
    }
    assertThat(view.text(2)).isEqualTo("18446744073709551615");
    assertThat(view.next()).isTrue();
    for (int i = 0; i < EVERY_TYPE.size(); i++) {
      assertThat(view.value(i)).isNull();
    }
    assertThat(view.next()).isFalse();
    assertThat(batch.position(1)).isEqualTo(8);
  }

  @Test
  void aClearedBatchRemembersNothing() {
    RecordBatch batch = batch(EVERY_TYPE);
    for (int round = 0; round < 3; round++) {
      RecordView.append(batch, 0, new Object[EVERY_TYPE.size()]);
      RecordView.append(batch, 1, values());
      batch.clear();
      assertThat(batch.size()).isZero();
      assertThat(batch.bytes()).isZero();
      RecordView.append(batch, 0, values());
      RecordView view = new RecordView(batch);
      view.next();
      for (int i = 0; i < EVERY_TYPE.size(); i++) {
        assertThat(view.value(i)).isEqualTo(values()[i]);
      }
      batch.clear();
    }
  }

  @Test
  void aDiscardedRecordLeavesItsNeighboursAlone() {
    Schema schema =
        Schema.of(
            Field.decimal("d", 40, 0),
            Field.of("s", ColumnType.STRING),
            Field.of("i", ColumnType.INT64));
    Random random = new Random(42);
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 10_000);
    int kept = 0;
    for (int i = 0; i < 2000; i++) {
      BigDecimal decimal =
          random.nextBoolean()
              ? BigDecimal.valueOf(i)
              : new BigDecimal("9".repeat(30)).add(BigDecimal.valueOf(i));
      if (random.nextInt(5) == 0) {
        batch.decimals(0).appendNull();
      } else {
        batch.decimals(0).append(decimal);
      }
      batch.bytes(1).append("row " + i);
      if (random.nextBoolean()) {
        batch.discardRecord();
      } else {
        batch.longs(2).append(i);
        batch.endRecord(i);
        kept++;
      }
    }
    assertThat(batch.size()).isEqualTo(kept);
    for (int row = 0; row < kept; row++) {
      long i = batch.longs(2).get(row);
      assertThat(batch.position(row)).isEqualTo(i);
      assertThat(batch.bytes(1).getString(row)).isEqualTo("row " + i);
      if (!batch.decimals(0).isNull(row)) {
        assertThat(batch.decimals(0).get(row).remainder(BigDecimal.TEN))
            .isIn(
                BigDecimal.valueOf(i % 10),
                new BigDecimal("9".repeat(30))
                    .add(BigDecimal.valueOf(i))
                    .remainder(BigDecimal.TEN));
      }
    }
  }

  @Test
  void aRecordThatLacksAValueIsRefused() {
    RecordBatch batch =
        batch(Schema.of(Field.of("a", ColumnType.INT64), Field.of("b", ColumnType.INT64)));
    batch.longs(0).append(1);
    assertThatThrownBy(() -> batch.endRecord(0)).hasMessageContaining("column 'b' holds 0 values");
  }

  @Test
  void aBatchIsFullByBytesOrByRecords() {
    Schema schema = Schema.of(Field.of("s", ColumnType.STRING));
    RecordBatch small = new RecordBatch(schema, 100, 3);
    RecordView.append(small, 0, "x".repeat(100));
    assertThat(small.isFull()).isTrue();
    small.clear();
    RecordView.append(small, 0, "x");
    RecordView.append(small, 1, "x");
    assertThat(small.isFull()).isFalse();
    RecordView.append(small, 2, "x");
    assertThat(small.isFull()).isTrue();
  }

  @Test
  void memoryOfAHugeValueIsGivenBack() {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("b", ColumnType.BYTES)), 1 << 16, 100);
    RecordView.append(batch, 0, (Object) new byte[20 << 20]);
    assertThat(batch.capacityBytes()).isLessThan(21 << 20);
    batch.clear();
    assertThat(batch.capacityBytes()).isLessThan(1 << 18);
  }

  @Test
  void aRecordIsCopiedToAnotherBatchUnchanged() {
    RecordBatch source = batch(EVERY_TYPE);
    RecordView.append(source, 5, new Object[EVERY_TYPE.size()]);
    RecordView.append(source, 6, values());
    RecordBatch copy = batch(EVERY_TYPE);
    copy.appendFrom(source, 1);
    copy.appendFrom(source, 0);
    RecordView view = new RecordView(copy);
    view.next();
    for (int i = 0; i < EVERY_TYPE.size(); i++) {
      assertThat(view.value(i)).isEqualTo(values()[i]);
    }
    assertThat(copy.position(0)).isEqualTo(6);
    assertThat(copy.column(3).isNull(1)).isTrue();
  }

  @Test
  void decimalDigitsStayExactWhateverTheirLength() {
    RecordBatch batch = batch(Schema.of(Field.decimal("d", 65, 2)));
    String[] texts = {
      "0.00",
      "-0.01",
      "9999999999999999.99",
      "10000000000000000.00",
      "99999999999999999.99",
      "1.5",
      "-12",
      "0.000000000000000000000000000001",
      "-99999999999999999999999999999999999.999999999999999999999999999999"
    };
    for (String text : texts) {
      byte[] bytes = ("xx" + text + "yy").getBytes(StandardCharsets.US_ASCII);
      batch.decimals(0).appendText(bytes, 2, text.length());
      batch.endRecord(0);
    }
    for (int i = 0; i < texts.length; i++) {
      assertThat(batch.decimals(0).get(i).toPlainString()).isEqualTo(texts[i]);
    }
    assertThat(batch.decimals(0).isWide(2)).isFalse();
    assertThat(batch.decimals(0).isWide(4)).isTrue();
  }

  @Test
  void whatIsNoPlainDecimalIsRefused() {
    RecordBatch batch = batch(Schema.of(Field.decimal("d", 65, 2)));
    byte[] bytes = "1e5".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> batch.decimals(0).appendText(bytes, 0, 3))
        .isInstanceOf(NumberFormatException.class)
        .hasMessageContaining("1e5");
  }
}
