package io.millrace.files.columnar;

import io.millrace.api.Counted;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.files.columnar.Conversions.Converter;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a column that promises less than the file's own would lose: such a value is dirty, never
 * rounded or cut. Stateless.
 */
final class NarrowChecks {

  private static final long[] MICROS = {1_000_000, 100_000, 10_000, 1000, 100, 10, 1};

  private NarrowChecks() {}

  static boolean isTime(ColumnType type) {
    return type == ColumnType.TIME || type == ColumnType.DATETIME || type == ColumnType.TIMESTAMP;
  }

  /** Times of the same type with fewer digits of a second. */
  static Converter fraction(Field to) {
    return fraction(
        to,
        (value, into) -> {
          ((LongColumn) into).append(((LongColumn) value).get(0));
          return null;
        });
  }

  /** Times with fewer digits of a second that a converter makes times of another type. */
  static Converter fraction(Field to, Converter converter) {
    long unit = MICROS[Math.max(0, Math.min(6, to.scale()))];
    return (value, into) -> {
      long held = ((LongColumn) value).get(0);
      boolean packed = value.field().type() == ColumnType.DATETIME;
      long micros = packed ? Calendars.micro(held) : held;
      // Days have no fraction, and the zero moment is no number of microseconds.
      boolean fine = value.field().type() != ColumnType.DATE && held != Calendars.ZERO_TIMESTAMP;
      if (fine && micros % unit != 0) {
        return Texts.text(value, 0)
            + " has more than the "
            + Counted.of(to.scale(), "digit", "digits")
            + " of a second that the column has: give its type in option column";
      }
      return converter.convert(value, into);
    };
  }

  /** Decimals and doubles that become whole numbers: 2.00 is one, 2.50 is none. */
  static Converter whole(Field to) {
    return (value, into) -> {
      BigDecimal number = Narrowed.number(value);
      boolean fraction = number != null && number.stripTrailingZeros().scale() > 0;
      return fraction
          ? number.toPlainString() + " is not a whole number"
          : Narrowed.whole(number, to, (LongColumn) into);
    };
  }

  /** Numbers that become floats. */
  static Converter real(Field from, Field to, Converter converter) {
    return switch (from.type()) {
      case FLOAT64 ->
          (value, into) -> {
            double real = ((DoubleColumn) value).get(0);
            String wrong = Checks.single(real);
            if (wrong == null) {
              ((DoubleColumn) into).append(real);
            }
            return wrong;
          };
      case INT64, DECIMAL ->
          new Tried(to, converter) {
            @Override
            @Nullable String wrong(Column value, Column tried) {
              double real = ((DoubleColumn) tried).get(0);
              String text = to.bits() == 32 ? Float.toString((float) real) : Double.toString(real);
              String own = Texts.text(value, 0);
              boolean same =
                  own != null
                      && Double.isFinite(real)
                      && (new BigDecimal(text).compareTo(new BigDecimal(own)) == 0
                          || new BigDecimal(real).compareTo(new BigDecimal(own)) == 0);
              return same
                  ? null
                  : own + " has more digits than a " + (to.bits() == 32 ? "float" : "double");
            }
          };
      default -> converter;
    };
  }

  /** Whatever becomes a text. */
  static Converter length(Field to, Converter converter) {
    if (to.type() != ColumnType.STRING || to.maxLength() == 0) {
      return converter;
    }
    return new Tried(to, converter) {
      @Override
      @Nullable String wrong(Column value, Column tried) {
        BytesColumn text = (BytesColumn) tried;
        int characters = 0;
        for (int i = 0; i < text.length(0); i++) {
          characters += (text.buffer()[text.offset(0) + i] & 0xc0) == 0x80 ? 0 : 1;
        }
        return characters <= to.maxLength()
            ? null
            : "has "
                + Counted.of(characters, "character", "characters")
                + ", and the column at most "
                + to.maxLength();
      }
    };
  }

  /** Converts into a column of its own, and looks at that before it appends. */
  private abstract static class Tried implements Converter {

    private final Converter converter;
    private final RecordBatch one;

    Tried(Field to, Converter converter) {
      this.converter = converter;
      this.one = new RecordBatch(Schema.of(to), 1 << 20, 1);
    }

    @Override
    public @Nullable String convert(Column from, Column into) {
      one.clear();
      Column tried = one.column(0);
      String wrong = converter.convert(from, tried);
      if (wrong == null) {
        wrong = wrong(from, tried);
      }
      if (wrong == null) {
        into.appendFrom(tried, 0);
      }
      return wrong;
    }

    abstract @Nullable String wrong(Column from, Column tried);
  }
}
