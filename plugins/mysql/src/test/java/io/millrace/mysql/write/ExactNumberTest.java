package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers from every kind of column that go into floating point columns. */
class ExactNumberTest {

  /** What the checks of a column say of a number as a whole number, a decimal and a text. */
  private static List<@Nullable String> judged(String number, boolean asFloat) throws SQLException {
    List<@Nullable String> codes = new ArrayList<>();
    BigDecimal value = new BigDecimal(number);
    RecordBatch decimals =
        new RecordBatch(Schema.of(Field.decimal("d", 60, value.scale())), 999, 1);
    decimals.decimals(0).append(value);
    codes.add(code(Checks.decimalAsReal(asFloat), decimals));
    RecordBatch texts = new RecordBatch(Schema.of(Field.of("t", ColumnType.STRING)), 999, 1);
    texts.bytes(0).append(number);
    codes.add(code(Checks.realText(asFloat), texts));
    if (value.scale() == 0 && value.precision() <= 18) {
      RecordBatch wholes = new RecordBatch(Schema.of(Field.of("w", ColumnType.INT64)), 999, 1);
      wholes.longs(0).append(value.longValueExact());
      codes.add(code(Checks.exactIn(asFloat), wholes));
    }
    return codes;
  }

  private static @Nullable String code(ValueCheck check, RecordBatch batch) throws SQLException {
    Problem problem = check.check(batch.column(0), 0);
    return problem == null ? null : problem.code();
  }

  /** Their shortest text as a float is that of another number. */
  @ParameterizedTest
  @ValueSource(
      strings = {"9007199254740992", "16777216", "-1073741824", "0.5", "36893488147419103232"})
  void aNumberThatAFloatIsIsTakenBySize(String number) throws SQLException {
    assertThat(judged(number, true)).containsOnlyNulls();
    assertThat(judged(number, false)).containsOnlyNulls();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740993", "36893488147419103233"})
  void aNumberThatNoDoubleIsWouldBeRounded(String number) throws SQLException {
    assertThat(judged(number, true)).containsOnly(Checks.ROUNDED);
    assertThat(judged(number, false)).containsOnly(Checks.ROUNDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16777217", "123456789.5"})
  void aNumberThatOnlyADoubleIsWouldBeRoundedByAFloat(String number) throws SQLException {
    assertThat(judged(number, true)).containsOnly(Checks.ROUNDED);
    assertThat(judged(number, false)).containsOnlyNulls();
  }
}
