package io.millrace.mysql.write;

import static io.millrace.mysql.write.ValueEncoder.Literal.BINARY;
import static io.millrace.mysql.write.ValueEncoder.Literal.NUMBER;
import static io.millrace.mysql.write.ValueEncoder.Literal.QUOTED;
import static io.millrace.mysql.write.ValueEncoder.Literal.TEXT;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.mysql.type.MySqlTypes;
import java.math.BigInteger;
import java.time.ZoneId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares a source's column with its target: every value fits, or each value is checked before it
 * is sent, or the task is refused. The server is asked to be strict as well, but strictness alone
 * is not enough: it rounds fractions, cuts blanks and takes numbers for members of an ENUM, all
 * without an error.
 */
final class ColumnPlans {

  private static final BigInteger TWO = BigInteger.TWO;

  private final ZeroDate zeroDate;
  private final boolean generateNumbers;
  private final boolean round;
  private final WallClock clock;
  private final @Nullable ZoneId textZone;
  private final Function<TargetColumn, Members> members;

  /**
   * @param zeroDate what becomes of dates with a zero part
   * @param generateNumbers true when NULL may become a number in an AUTO_INCREMENT column
   * @param round true when the server may round
   * @param zone where wall-clock times become instants, and instants wall-clock times
   * @param foreign true for a document of DataX or DataWorks, where an instant is the text of the
   *     zone's clocks
   * @param members gives the members of an ENUM or SET
   */
  ColumnPlans(
      ZeroDate zeroDate,
      boolean generateNumbers,
      boolean round,
      ZoneId zone,
      boolean foreign,
      Function<TargetColumn, Members> members) {
    this.zeroDate = zeroDate;
    this.generateNumbers = generateNumbers;
    this.round = round;
    this.clock = new WallClock(zone);
    this.textZone = foreign ? zone : null;
    this.members = members;
  }

  /**
   * The plan for one column.
   *
   * @param index the index of the source's column
   * @throws MillraceException with {@link StandardError#CONVERSION} when the types do not go
   *     together
   */
  ColumnPlan plan(Field source, int index, TargetColumn target) {
    Way way =
        switch (target.type()) {
          case "tinyint", "smallint", "mediumint", "int", "bigint" -> toInteger(source, target);
          case "bit" -> toBits(source, target);
          case "year" -> toYear(source);
          case "float", "double" -> toReal(source, target);
          case "decimal" -> toDecimal(source, target);
          case "date", "datetime" -> toCalendar(source, target);
          case "timestamp" -> toTimestamp(source, target);
          case "time" -> toTime(source, target);
          case "json" -> toJson(source);
          case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
              toText(source, target);
          case "enum", "set" -> toMembers(source, target);
          case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
              toBytes(source, target);
          case "geometry",
              "point",
              "linestring",
              "polygon",
              "multipoint",
              "multilinestring",
              "multipolygon",
              "geometrycollection",
              "geomcollection" ->
              toGeometry(source);
          case "uuid", "inet4", "inet6" -> toServerParsed(source);
          default -> null;
        };
    boolean lost = MySqlTypes.isGeometry(source) && target.field().type() != ColumnType.BYTES;
    if (way == null || lost) {
      throw refused(source, target);
    }
    // Where the server makes up numbers, one may be the key of a record that is still to come.
    boolean generated = target.column().autoIncrement() && generateNumbers;
    boolean nullRefused = !target.field().nullable() && !generated;
    return new ColumnPlan(index, target, way.encoder, way.check, nullRefused, way.convert);
  }

  /**
   * How values go.
   *
   * @param convert true when LOAD DATA must be told that the bytes are UTF-8
   */
  private record Way(ValueEncoder encoder, @Nullable ValueCheck check, boolean convert) {
    static Way free(ValueEncoder encoder) {
      return new Way(encoder, null, false);
    }

    static Way checked(ValueEncoder encoder, @Nullable ValueCheck check) {
      return new Way(encoder, check, false);
    }
  }

  private static MillraceException refused(Field source, TargetColumn target) {
    String type = source.nativeType() == null ? source.type().toString() : source.nativeType();
    return new MillraceException(
        StandardError.CONVERSION,
        "column '"
            + target.name()
            + "' of type "
            + target.column().columnType()
            + " cannot take source column '"
            + Sensitive.name(source.name())
            + "' of type "
            + type
            + (MySqlTypes.isGeometry(target.field())
                ? "; it takes a geometry column of MySQL or MariaDB as that is read by its name,"
                    + " without a function; leave it out else"
                : MySqlTypes.isGeometry(source)
                    ? "; select ST_AsText(column) in the source to write the geometry as text"
                    : "; convert it in the source or leave it out"));
  }

  // Numbers.

  private record Bounds(BigInteger min, BigInteger max) {
    static Bounds of(int bits, boolean unsigned) {
      return unsigned
          ? new Bounds(BigInteger.ZERO, TWO.pow(bits).subtract(BigInteger.ONE))
          : new Bounds(TWO.pow(bits - 1).negate(), TWO.pow(bits - 1).subtract(BigInteger.ONE));
    }

    boolean contains(Bounds other) {
      return min.compareTo(other.min) <= 0 && max.compareTo(other.max) >= 0;
    }
  }

  private static @Nullable Way toInteger(Field source, TargetColumn target) {
    Bounds bounds = Bounds.of(target.field().bits(), target.unsigned());
    return switch (source.type()) {
      case BOOLEAN -> Way.free(new ValueEncoders.Whole(false, NUMBER));
      case INT64 ->
          Way.checked(
              new ValueEncoders.Whole(source.unsigned(), NUMBER), wholeCheck(source, bounds));
      case DECIMAL ->
          Way.checked(
              new ValueEncoders.Decimal(QUOTED), Checks.wholeDecimal(bounds.min, bounds.max));
      case FLOAT64 ->
          Way.checked(new ValueEncoders.WholeReal(), Checks.wholeReal(bounds.min, bounds.max));
      case STRING ->
          Way.checked(new ValueEncoders.Bytes(TEXT), Checks.wholeText(bounds.min, bounds.max));
      default -> null;
    };
  }

  private static @Nullable ValueCheck wholeCheck(Field source, Bounds bounds) {
    int bits = source.bits() > 0 ? source.bits() : 64;
    if (bounds.contains(Bounds.of(bits, source.unsigned()))) {
      return null;
    }
    if (source.unsigned()) {
      return Checks.unsignedRange(bounds.max.longValue());
    }
    BigInteger longest = BigInteger.valueOf(Long.MAX_VALUE);
    return Checks.range(
        bounds.min.max(BigInteger.valueOf(Long.MIN_VALUE)).longValue(),
        bounds.max.min(longest).longValue());
  }

  private static @Nullable Way toBits(Field source, TargetColumn target) {
    int width = target.field().bits();
    Bounds bounds = Bounds.of(width, true);
    return switch (source.type()) {
      case BOOLEAN -> Way.free(new ValueEncoders.Bits(width));
      case INT64 -> Way.checked(new ValueEncoders.Bits(width), wholeCheck(source, bounds));
      default -> null;
    };
  }

  private static @Nullable Way toYear(Field source) {
    return switch (source.type()) {
      case INT64 -> Way.checked(new ValueEncoders.Year(), Checks.year());
      case STRING -> Way.checked(new ValueEncoders.Bytes(TEXT), Checks.yearText());
      default -> null;
    };
  }

  private static @Nullable Way toReal(Field source, TargetColumn target) {
    boolean isFloat = target.type().equals("float");
    int scale = target.fixedScale();
    ValueCheck digits =
        scale < 0 || target.sameType(source.nativeType()) ? null : Checks.realWithScale(scale);
    return switch (source.type()) {
      case BOOLEAN -> Way.free(new ValueEncoders.Whole(false, NUMBER));
      case INT64 -> {
        int exactBits = isFloat ? 24 : 53;
        boolean narrow = source.bits() > exactBits || source.bits() == 0;
        yield Way.checked(
            new ValueEncoders.Whole(source.unsigned(), NUMBER),
            narrow ? Checks.exactIn(isFloat) : null);
      }
      case FLOAT64 -> {
        ValueCheck finite = Checks.finite(isFloat && source.bits() != 32);
        yield Way.checked(new ValueEncoders.Real(), digits == null ? finite : finite.and(digits));
      }
      case DECIMAL ->
          scale >= 0
              ? null
              : Way.checked(new ValueEncoders.Decimal(QUOTED), Checks.decimalAsReal(isFloat));
      case STRING ->
          scale >= 0 ? null : Way.checked(new ValueEncoders.Bytes(TEXT), Checks.realText(isFloat));
      default -> null;
    };
  }

  private static @Nullable Way toDecimal(Field source, TargetColumn target) {
    int scale = target.field().scale();
    int whole = target.field().precision() - scale;
    boolean unsigned = target.unsigned();
    return switch (source.type()) {
      case BOOLEAN -> whole > 0 ? Way.free(new ValueEncoders.Whole(false, NUMBER)) : null;
      case INT64 -> {
        BigInteger limit = BigInteger.TEN.pow(whole).subtract(BigInteger.ONE);
        Bounds bounds = new Bounds(unsigned ? BigInteger.ZERO : limit.negate(), limit);
        yield Way.checked(
            new ValueEncoders.Whole(source.unsigned(), NUMBER), wholeCheck(source, bounds));
      }
      case DECIMAL -> {
        boolean fits =
            source.precision() > 0
                && source.scale() <= scale
                && source.precision() - source.scale() <= whole
                && !unsigned;
        yield Way.checked(
            new ValueEncoders.Decimal(QUOTED),
            fits ? null : Checks.decimal(whole, scale, unsigned));
      }
      case FLOAT64 ->
          Way.checked(new ValueEncoders.Real(), Checks.realAsDecimal(whole, scale, unsigned));
      case STRING ->
          Way.checked(new ValueEncoders.Bytes(TEXT), Checks.decimalText(whole, scale, unsigned));
      default -> null;
    };
  }

  // Dates and times.

  private @Nullable Way toCalendar(Field source, TargetColumn target) {
    boolean dateOnly = target.type().equals("date");
    int digits = dateOnly ? 6 : target.field().scale();
    boolean zeroAsNull = zeroDate == ZeroDate.NULL;
    // The server rounds a time to the nearest day, or cuts it, by its own rule.
    boolean asDate = dateOnly && !round;
    ValueCheck calendar = Checks.calendar(zeroDate, dateOnly);
    return switch (source.type()) {
      case DATE -> Way.checked(new ValueEncoders.Date(zeroAsNull), calendar);
      case DATETIME -> {
        ValueEncoder encoder =
            asDate ? new ValueEncoders.Date(zeroAsNull) : new ValueEncoders.DateTime(zeroAsNull);
        yield Way.checked(
            encoder, source.scale() <= digits ? calendar : calendar.and(Checks.fraction(digits)));
      }
      case TIMESTAMP -> {
        ValueCheck local =
            (column, row) -> {
              long value = ((LongColumn) column).get(row);
              Problem problem = Checks.instantProblem(value);
              return problem != null
                  ? problem
                  : Checks.calendarProblem(clock.local(value), zeroDate, dateOnly);
            };
        yield Way.checked(
            new ValueEncoders.Converted(
                (column, row) -> clock.local(((LongColumn) column).get(row)),
                false,
                asDate,
                zeroAsNull),
            source.scale() <= digits ? local : local.and(Checks.fraction(digits)));
      }
      case STRING ->
          Way.checked(
              new ValueEncoders.Converted(ColumnPlans::textDate, false, asDate, zeroAsNull),
              (column, row) -> {
                long packed = textDate(column, row);
                Problem problem = textProblem((BytesColumn) column, row, packed);
                if (problem == null) {
                  problem = Checks.calendarProblem(packed, zeroDate, dateOnly);
                }
                return problem != null || dateOnly ? problem : tooFine(packed, digits);
              });
      default -> null;
    };
  }

  private @Nullable Way toTimestamp(Field source, TargetColumn target) {
    int digits = target.field().scale();
    boolean zeroAsNull = zeroDate == ZeroDate.NULL;
    return switch (source.type()) {
      case TIMESTAMP -> {
        ValueCheck check = Checks.instantRange();
        if (zeroDate == ZeroDate.DIRTY) {
          check = check.and(Checks.zeroTimestamp());
        }
        if (source.scale() > digits) {
          check = check.and(Checks.fraction(digits));
        }
        yield Way.checked(new ValueEncoders.Timestamp(zeroAsNull), check);
      }
      case DATE, DATETIME ->
          Way.checked(
              new ValueEncoders.Converted(
                  (column, row) -> clock.instant(((LongColumn) column).get(row)),
                  true,
                  false,
                  zeroAsNull),
              (column, row) -> wallClock(((LongColumn) column).get(row), digits));
      case STRING ->
          Way.checked(
              new ValueEncoders.Converted(this::textInstant, true, false, zeroAsNull),
              (column, row) -> {
                BytesColumn bytes = (BytesColumn) column;
                int offset =
                    TemporalText.offsetLength(bytes.buffer(), bytes.offset(row), bytes.length(row));
                long packed = textDate(column, row, offset);
                Problem problem = textProblem(bytes, row, packed);
                if (problem != null) {
                  return problem;
                }
                return offset == 0 || packed == 0
                    ? wallClock(packed, digits)
                    : tooFine(packed, digits);
              });
      default -> null;
    };
  }

  private @Nullable Problem wallClock(long packed, int digits) {
    Problem problem = Checks.calendarProblem(packed, zeroDate, false);
    if (problem == null) {
      problem = Checks.wallClockProblem(packed, clock);
    }
    return problem != null ? problem : tooFine(packed, digits);
  }

  private static @Nullable Problem tooFine(long packed, int digits) {
    int unit = 1;
    for (int i = digits; i < 6; i++) {
      unit *= 10;
    }
    return Calendars.micro(packed) % unit == 0 ? null : Checks.tooFine(digits);
  }

  private static @Nullable Problem textProblem(BytesColumn bytes, int row, long packed) {
    boolean real =
        packed == 0
            || (packed != TemporalText.NO_DATE
                && (ValueEncoders.isZeroDate(packed) || Calendars.isValid(packed)));
    return real
        ? null
        : new Problem(
            Checks.BAD_DATE,
            "'" + Checks.shown(bytes, row) + "' is not a date in the form yyyy-mm-dd hh:mm:ss");
  }

  private static long textDate(io.millrace.api.record.Column column, int row) {
    return textDate(column, row, 0);
  }

  private static long textDate(io.millrace.api.record.Column column, int row, int behind) {
    BytesColumn bytes = (BytesColumn) column;
    return TemporalText.dateTime(bytes.buffer(), bytes.offset(row), bytes.length(row) - behind);
  }

  private long textInstant(io.millrace.api.record.Column column, int row) {
    BytesColumn bytes = (BytesColumn) column;
    int length = bytes.length(row);
    int offset = TemporalText.offsetLength(bytes.buffer(), bytes.offset(row), length);
    long packed = textDate(column, row, offset);
    if (offset == 0 || packed == 0) {
      return clock.instant(packed);
    }
    int seconds = TemporalText.offsetSeconds(bytes.buffer(), bytes.offset(row) + length, offset);
    return WallClock.fromUtc(packed) - seconds * 1_000_000L;
  }

  private static @Nullable Way toTime(Field source, TargetColumn target) {
    int digits = target.field().scale();
    return switch (source.type()) {
      case TIME -> {
        ValueCheck check = Checks.timeRange();
        yield Way.checked(
            new ValueEncoders.Time(),
            source.scale() <= digits ? check : check.and(Checks.fraction(digits)));
      }
      case STRING -> Way.checked(new ValueEncoders.TimeFromText(), Checks.timeText(digits));
      default -> null;
    };
  }

  // Texts and bytes.

  private static @Nullable Way toJson(Field source) {
    return switch (source.type()) {
      case JSON, STRING -> {
        boolean lookedAt = MySqlTypes.JSON.equals(source.nativeType());
        boolean asText = MySqlTypes.JSON_AS_TEXT.equals(source.nativeType());
        JsonValues.Origin origin =
            lookedAt
                ? JsonValues.Origin.LOOKED_AT
                : asText ? JsonValues.Origin.MYSQL_TEXT : JsonValues.Origin.ANY;
        ValueCheck kept =
            (column, row) -> {
              BytesColumn bytes = (BytesColumn) column;
              int from = bytes.offset(row);
              return JsonValues.problem(bytes.buffer(), from, from + bytes.length(row), origin);
            };
        yield new Way(new ValueEncoders.Bytes(TEXT), kept, true);
      }
      default -> null;
    };
  }

  private static @Nullable Way toServerParsed(Field source) {
    return source.type() == ColumnType.STRING
        ? new Way(new ValueEncoders.Bytes(TEXT), null, true)
        : null;
  }

  private Way toText(Field source, TargetColumn target) {
    boolean convert = !target.takesUtf8();
    boolean isBytes =
        switch (source.type()) {
          case STRING, JSON, BYTES -> true;
          default -> false;
        };
    if (!isBytes) {
      // Short, without blanks at the end; the server refuses what is too long.
      return new Way(plainText(source), null, convert);
    }
    ValueCheck check = source.type() == ColumnType.BYTES ? Checks.utf8() : null;
    boolean fits =
        source.type() == ColumnType.STRING
            && source.maxLength() > 0
            && source.maxLength() <= target.field().maxLength();
    if (target.type().equals("char") || target.type().equals("varchar")) {
      if (!fits) {
        check = both(check, Checks.characters(target.field().maxLength()));
      }
      boolean fromChar = source.nativeType() != null && source.nativeType().startsWith("char");
      if (target.type().equals("char") && !fromChar) {
        check = both(check, Checks.noTrailingSpace());
      }
    } else if (!target.sameType(source.nativeType()) && !convert) {
      check = both(check, Checks.octetsOfText(target.column().octetLength()));
    } else if (convert && target.hasOneByteCharacters()) {
      check = both(check, Checks.characters(target.column().octetLength()));
    } else if (convert && round) {
      // The server is not asked to tell of what it changes.
      check = both(check, Checks.noBlankBeyond(target.column().octetLength()));
    }
    // What a text is as long as in other character sets only the server knows. It warns even of
    // blanks that it would cut, and no record with a warning is kept.
    return new Way(new ValueEncoders.Bytes(TEXT), check, convert);
  }

  private ValueEncoder plainText(Field source) {
    if (source.type() == ColumnType.TIMESTAMP && textZone != null) {
      return new ValueEncoders.WallText(textZone);
    }
    return switch (source.type()) {
      case BOOLEAN -> new ValueEncoders.Words();
      case INT64 -> new ValueEncoders.Whole(source.unsigned(), QUOTED);
      case DECIMAL -> new ValueEncoders.Decimal(QUOTED);
      default -> new ValueEncoders.Canonical();
    };
  }

  private static ValueCheck both(@Nullable ValueCheck first, ValueCheck second) {
    return first == null ? second : first.and(second);
  }

  private @Nullable Way toMembers(Field source, TargetColumn target) {
    if (source.type() != ColumnType.STRING) {
      return null;
    }
    Members known = members.apply(target);
    ValueCheck check =
        target.type().equals("enum") ? Checks.member(known) : Checks.memberSet(known);
    return new Way(
        new ValueEncoders.Bytes(TEXT),
        target.sameType(source.nativeType()) ? null : check.and(Checks.noBlankBehindAMember()),
        !target.takesUtf8());
  }

  /** The server takes its own form as bytes, and looks at it. */
  private static @Nullable Way toGeometry(Field source) {
    return MySqlTypes.isGeometry(source) ? Way.free(new ValueEncoders.Bytes(BINARY)) : null;
  }

  private static @Nullable Way toBytes(Field source, TargetColumn target) {
    ValueEncoder encoder = new ValueEncoders.Bytes(BINARY);
    boolean isBytes =
        source.type() == ColumnType.BYTES
            || source.type() == ColumnType.STRING
            || source.type() == ColumnType.JSON;
    if (!isBytes) {
      return null;
    }
    if (target.sameType(source.nativeType())) {
      return Way.free(encoder);
    }
    long octets = target.column().octetLength();
    return Way.checked(
        encoder,
        target.type().equals("binary") ? Checks.exactOctets(octets) : Checks.octets(octets));
  }
}
