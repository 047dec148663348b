package io.millrace.stream;

import io.millrace.api.Sensitive;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.stream.GeneratedColumn.ValueSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Reads one entry of the reader's {@code column} option, in the form DataX gives it. */
final class ColumnParser {

  private static final Set<String> KEYS =
      Set.of("type", "value", "random", "incr", "name", "dateFormat");

  private static final int MAX_LENGTH = 1 << 20;

  private static final char[] LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789".toCharArray();

  /** {@code 2024-01-31}, with a time and a fraction when there is one. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd[ HH:mm:ss]")
          .optionalStart()
          .appendFraction(ChronoField.MICRO_OF_SECOND, 1, 6, true)
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          // A day that no calendar has is refused, and not the one before it.
          .withResolverStyle(ResolverStyle.STRICT);

  /** What is read of an hour when it is not known of which half of the day, or of no hour. */
  private static final List<ChronoField> HOURS =
      List.of(
          ChronoField.CLOCK_HOUR_OF_AMPM,
          ChronoField.HOUR_OF_AMPM,
          ChronoField.MINUTE_OF_HOUR,
          ChronoField.SECOND_OF_MINUTE);

  private final Map<?, ?> entry;
  private final String type;

  private ColumnParser(Map<?, ?> entry) {
    this.entry = entry;
    this.type = entry.containsKey("type") ? text("type").toLowerCase(Locale.ROOT) : "string";
  }

  /**
   * Reads one entry.
   *
   * @param index its place, from 0, which names it when the entry does not
   * @throws IllegalArgumentException with a message that says what is wrong
   */
  static GeneratedColumn parse(@Nullable Object raw, int index) {
    if (!(raw instanceof Map<?, ?> entry)) {
      throw new IllegalArgumentException("expected an object with a type and a value");
    }
    for (Object key : entry.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '" + key + "'; known are type, value, random, incr, name, dateFormat");
      }
    }
    return new ColumnParser(entry).column(index);
  }

  private GeneratedColumn column(int index) {
    String name = entry.containsKey("name") ? text("name") : "c" + (index + 1);
    int ways = 0;
    for (String way : new String[] {"value", "random", "incr"}) {
      ways += entry.containsKey(way) ? 1 : 0;
    }
    if (ways != 1) {
      throw new IllegalArgumentException("needs exactly one of value, random and incr");
    }
    if (entry.containsKey("incr") && !type.equals("long")) {
      throw new IllegalArgumentException("incr is for type long only");
    }
    boolean random = entry.containsKey("random");
    return switch (type) {
      case "string" ->
          column(name, ColumnType.STRING, random ? randomText() : bytes(text("value")));
      case "bytes" -> column(name, ColumnType.BYTES, random ? randomBytes() : bytes(text("value")));
      case "long" -> column(name, ColumnType.INT64, longs(random));
      case "double" ->
          column(name, ColumnType.FLOAT64, random ? randomDouble() : fixedDouble(text("value")));
      case "bool" -> column(name, ColumnType.BOOLEAN, random ? randomBool() : fixedBool());
      case "date" -> random ? column(wholeSeconds(name), randomDate()) : fixedDate(name);
      default ->
          throw new IllegalArgumentException(
              "type '" + type + "' is not one of string, long, double, bool, date, bytes");
    };
  }

  private GeneratedColumn column(String name, ColumnType columnType, ValueSource source) {
    return column(Field.of(name, columnType), source);
  }

  private GeneratedColumn column(Field field, ValueSource source) {
    boolean isNull = entry.containsKey("value") && entry.get("value") == null;
    return new GeneratedColumn(
        field, isNull ? (column, row, random) -> column.appendNull() : source);
  }

  private static Field wholeSeconds(String name) {
    return Field.of(name, ColumnType.DATETIME).withScale(0);
  }

  private static ValueSource bytes(String value) {
    byte[] fixed = value.getBytes(StandardCharsets.UTF_8);
    return (column, row, random) -> ((BytesColumn) column).append(fixed);
  }

  private ValueSource randomText() {
    return randomBytes(random -> (byte) LETTERS[random.nextInt(LETTERS.length)]);
  }

  private ValueSource randomBytes() {
    return randomBytes(random -> (byte) random.nextInt(256));
  }

  private ValueSource randomBytes(ByteSource source) {
    long[] lengths = range(0, MAX_LENGTH);
    return (column, row, random) -> {
      byte[] value = new byte[(int) between(random, lengths[0], lengths[1])];
      for (int i = 0; i < value.length; i++) {
        value[i] = source.next(random);
      }
      ((BytesColumn) column).append(value);
    };
  }

  private interface ByteSource {
    byte next(SplittableRandom random);
  }

  private ValueSource longs(boolean isRandom) {
    if (isRandom) {
      long[] range = range(Long.MIN_VALUE, Long.MAX_VALUE);
      return (column, row, random) ->
          ((LongColumn) column).append(between(random, range[0], range[1]));
    }
    if (entry.containsKey("incr")) {
      String[] parts = text("incr").split(",", -1);
      long start = whole("incr", parts[0]);
      long step = parts.length > 1 ? whole("incr", parts[1]) : 1;
      if (parts.length > 2) {
        throw new IllegalArgumentException("incr must be \"start,step\"");
      }
      return (column, row, random) -> ((LongColumn) column).append(start + step * row);
    }
    long value = entry.get("value") == null ? 0 : whole("value", text("value"));
    return (column, row, random) -> ((LongColumn) column).append(value);
  }

  private static ValueSource fixedDouble(String text) {
    double value = text.isEmpty() ? 0 : decimal("value", text);
    return (column, row, random) -> ((DoubleColumn) column).append(value);
  }

  private ValueSource randomDouble() {
    String[] ends = ends();
    double low = decimal("random", ends[0]);
    double high = decimal("random", ends[1]);
    if (low > high) {
      throw new IllegalArgumentException("random: " + low + " is above " + high);
    }
    return (column, row, random) ->
        ((DoubleColumn) column).append(low + (high - low) * random.nextDouble());
  }

  private ValueSource fixedBool() {
    String text = text("value");
    if (!text.isEmpty() && !text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException(
          "value '" + Sensitive.mark(text) + "' is neither true nor false");
    }
    long value = text.equalsIgnoreCase("true") ? 1 : 0;
    return (column, row, random) -> ((LongColumn) column).append(value);
  }

  private ValueSource randomBool() {
    String[] ends = ends();
    long no = whole("random", ends[0]);
    long yes = whole("random", ends[1]);
    if (no < 0 || yes < 0 || no + yes <= 0) {
      throw new IllegalArgumentException(
          "random: the weights of false and true must not be negative, nor both 0");
    }
    return (column, row, random) ->
        ((LongColumn) column).append(random.nextLong(no + yes) < no ? 0 : 1);
  }

  private GeneratedColumn fixedDate(String name) {
    long value = entry.get("value") == null ? 0 : Calendars.dateTime(date("value", text("value")));
    Field field =
        Calendars.micro(value) == 0 ? wholeSeconds(name) : Field.of(name, ColumnType.DATETIME);
    return column(field, (column, row, random) -> ((LongColumn) column).append(value));
  }

  private ValueSource randomDate() {
    String[] ends = ends();
    long low = date("random", ends[0]).toEpochSecond(ZoneOffset.UTC);
    long high = date("random", ends[1]).toEpochSecond(ZoneOffset.UTC);
    if (low > high) {
      throw new IllegalArgumentException("random: " + ends[0] + " is after " + ends[1]);
    }
    return (column, row, random) -> {
      long second = between(random, low, high);
      LocalDateTime value = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      ((LongColumn) column).append(Calendars.dateTime(value));
    };
  }

  /** Both ends included, as DataX has it. */
  private static long between(SplittableRandom random, long low, long high) {
    return high == Long.MAX_VALUE
        ? (low == Long.MIN_VALUE ? random.nextLong() : random.nextLong(low - 1, high) + 1)
        : random.nextLong(low, high + 1);
  }

  private long[] range(long min, long max) {
    String[] ends = ends();
    long low = whole("random", ends[0]);
    long high = whole("random", ends[1]);
    if (low > high) {
      throw new IllegalArgumentException("random: " + low + " is above " + high);
    }
    if (low < min || high > max) {
      throw new IllegalArgumentException("random: must lie between " + min + " and " + max);
    }
    return new long[] {low, high};
  }

  private String[] ends() {
    String[] ends = text("random").split(",", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException(
          "random '" + Sensitive.mark(text("random")) + "' must be two ends with a comma between");
    }
    return new String[] {ends[0].strip(), ends[1].strip()};
  }

  /** The text under a key; empty for null. */
  private String text(String key) {
    Object value = entry.get(key);
    if (value instanceof Map || value instanceof Iterable) {
      throw new IllegalArgumentException(key + " must be a single value");
    }
    return value == null ? "" : value.toString();
  }

  private static long whole(String key, String text) {
    try {
      return new BigDecimal(text.strip()).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          key + ": '" + Sensitive.mark(text) + "' is not a whole number", e);
    }
  }

  private static double decimal(String key, String text) {
    try {
      return new BigDecimal(text.strip()).doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          key + ": '" + Sensitive.mark(text) + "' is not a number", e);
    }
  }

  private static DateTimeFormatter strict(String pattern) {
    StringBuilder strict = new StringBuilder(pattern.length());
    boolean quoted = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      quoted ^= c == '\'';
      // The year of an era is no year without one, if it is taken strictly.
      strict.append(c == 'y' && !quoted && pattern.indexOf('G') < 0 ? 'u' : c);
    }
    return DateTimeFormatter.ofPattern(strict.toString(), Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  private LocalDateTime date(String key, String text) {
    DateTimeFormatter format = DATE;
    try {
      if (entry.containsKey("dateFormat")) {
        format = strict(text("dateFormat"));
      }
      TemporalAccessor parsed = format.parse(text.strip());
      LocalDate day = LocalDate.from(parsed);
      java.time.LocalTime time = parsed.query(TemporalQueries.localTime());
      if (time == null && HOURS.stream().anyMatch(parsed::isSupported)) {
        throw new java.time.DateTimeException("the hour of a day cannot be told");
      }
      return time == null ? day.atStartOfDay() : day.atTime(time);
    } catch (java.time.DateTimeException | IllegalArgumentException e) {
      String form = format == DATE ? "yyyy-MM-dd HH:mm:ss" : text("dateFormat");
      throw new IllegalArgumentException(
          key + ": '" + Sensitive.mark(text) + "' is not a date of the form " + form, e);
    }
  }
}
