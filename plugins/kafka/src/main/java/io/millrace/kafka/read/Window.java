package io.millrace.kafka.read;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.kafka.read.DeclaredOptions.BeginType;
import io.millrace.kafka.read.DeclaredOptions.EndType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a topic that is wanted, left-closed and right-open.
 *
 * @param begin where it begins
 * @param end where it ends
 */
record Window(Bound begin, Bound end) {

  /** A day that no calendar has is refused, and not the one before it. */
  private static final DateTimeFormatter COMPACT =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private static final Pattern FORM =
      Pattern.compile("\\d{14}|(\\d{8}|\\d{4}-\\d\\d-\\d\\d)([ T](\\d{6}|\\d\\d:\\d\\d:\\d\\d))?");

  static Window of(Options options, ZoneId taskZone) {
    ZoneId zone = zone(options, taskZone);
    Optional<Bound> begin =
        given(
            "begin",
            time(options, DeclaredOptions.BEGIN_DATE_TIME, zone),
            millis(options, DeclaredOptions.BEGIN_MILLIS),
            text(options, DeclaredOptions.BEGIN_OFFSET).map(Window::beginOffset));
    Optional<Bound> end =
        given(
            "end",
            time(options, DeclaredOptions.END_DATE_TIME, zone),
            millis(options, DeclaredOptions.END_MILLIS),
            text(options, DeclaredOptions.END_OFFSET)
                .map(text -> offset("endOffset", text, "a whole number")));
    Window window =
        new Window(
            begin(options.find(DeclaredOptions.BEGIN_TYPE), begin),
            end(options.find(DeclaredOptions.END_TYPE), end));
    if (window.begin instanceof Bound.AtTime from
        && window.end instanceof Bound.AtTime to
        && from.millis() > to.millis()) {
      throw wrong("the window begins at " + from.text() + ", after it ends at " + to.text());
    }
    if (window.begin instanceof Bound.AtOffset from
        && window.end instanceof Bound.AtOffset to
        && from.offset() > to.offset()) {
      throw wrong(
          "the window begins at offset "
              + from.offset()
              + ", after it ends at offset "
              + to.offset());
    }
    return window;
  }

  private static Bound begin(Optional<BeginType> type, Optional<Bound> given) {
    return switch (type.orElse(given.isPresent() ? BeginType.SPECIFIC : BeginType.EARLIEST)) {
      case EARLIEST -> new Bound.Earliest();
      case CURRENT -> new Bound.Current();
      case LATEST -> new Bound.Latest();
      case SPECIFIC ->
          given.orElseThrow(
              () -> wrong("beginType is specific: give 'beginDateTime' or 'beginOffset'"));
    };
  }

  private static Bound end(Optional<EndType> type, Optional<Bound> given) {
    return switch (type.orElse(given.isPresent() ? EndType.SPECIFIC : EndType.LATEST)) {
      case LATEST -> new Bound.Latest();
      case SPECIFIC ->
          given.orElseThrow(() -> wrong("endType is specific: give 'endDateTime' or 'endOffset'"));
    };
  }

  private static Optional<Bound> given(
      String side, Optional<Bound> time, Optional<Bound> millis, Optional<Bound> offset) {
    int count = (time.isPresent() ? 1 : 0) + (millis.isPresent() ? 1 : 0);
    if (count + (offset.isPresent() ? 1 : 0) > 1) {
      throw wrong(
          "only one of '"
              + side
              + "DateTime', '"
              + side
              + "TimestampMillis' and '"
              + side
              + "Offset' may be given");
    }
    return time.or(() -> millis).or(() -> offset);
  }

  private static Bound beginOffset(String text) {
    return switch (text) {
      case "seekToBeginning" -> new Bound.Earliest();
      case "seekToLast" -> new Bound.Current();
      case "seekToEnd" -> new Bound.Latest();
      default ->
          offset("beginOffset", text, "a whole number, seekToBeginning, seekToLast or seekToEnd");
    };
  }

  private static Bound offset(String option, String text, String form) {
    if (!text.matches("\\d{1,18}")) {
      throw wrong("option '" + option + "': '" + text + "' is not " + form);
    }
    return new Bound.AtOffset(Long.parseLong(text));
  }

  private static Optional<Bound> millis(Options options, ConfigOption<Long> option) {
    return options.find(option).map(value -> new Bound.AtTime(value, value + " ms"));
  }

  private static Optional<Bound> time(Options options, ConfigOption<String> option, ZoneId zone) {
    return text(options, option).map(text -> time(option.key(), text, zone));
  }

  private static Bound time(String option, String text, ZoneId zone) {
    try {
      String digits = FORM.matcher(text).matches() ? text.replaceAll("[-T: ]", "") : "";
      String padded = digits.length() == 8 ? digits + "000000" : digits;
      LocalDateTime wall = LocalDateTime.parse(padded, COMPACT);
      return new Bound.AtTime(moment(wall, zone).toEpochMilli(), text);
    } catch (DateTimeException e) {
      throw wrong(
          "option '" + option + "': '" + text + "' is not a time of the form yyyyMMddHHmmss");
    }
  }

  /**
   * The moment that a clock shows a time. Where clocks are put forward over it, the moment of that
   * change; where it comes twice, the earlier one.
   */
  private static Instant moment(LocalDateTime wall, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(wall);
    return change != null && change.isGap() ? change.getInstant() : wall.atZone(zone).toInstant();
  }

  private static ZoneId zone(Options options, ZoneId taskZone) {
    return text(options, DeclaredOptions.TIME_ZONE)
        .map(
            name -> {
              try {
                return ZoneId.of(name);
              } catch (DateTimeException e) {
                throw wrong("option 'timeZone': there is no zone '" + name + "'");
              }
            })
        .orElse(taskZone);
  }

  static Optional<String> text(Options options, ConfigOption<String> option) {
    return options.find(option).map(String::strip).filter(text -> !text.isEmpty());
  }

  static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, "kafka reader: " + message);
  }
}
