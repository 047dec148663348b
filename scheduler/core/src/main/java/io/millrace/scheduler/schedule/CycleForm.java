package io.millrace.scheduler.schedule;

import io.millrace.api.option.Nearest;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a cycle from its JSON form; a bare text is a cron text. */
final class CycleForm {

  private static final List<String> KINDS =
      List.of("minute", "hour", "day", "week", "month", "year", "cron");
  private static final String[] DATED = {"every", "days", "time"};
  private static final LocalTime LAST_MINUTE = LocalTime.of(23, 59);

  private CycleForm() {}

  static Cycle read(@Nullable Object value) {
    if (value instanceof String cron) {
      return Cycle.ofCron(cron);
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw Fields.refusal(
          Fields.CYCLE
              + " is missing: state it, such as {\"every\": \"day\", \"time\": \"02:30\"}");
    }
    Fields cycle = new Fields(Fields.CYCLE, map);
    String every = cycle.text("every", "day").toLowerCase(Locale.ROOT);
    return switch (every) {
      case "minute" -> minute(cycle.only("every", "interval", "from", "to"));
      case "hour" -> hour(cycle.only("every", "step", "from", "to", "hours", "minute"));
      case "day" -> Cycle.daily(cycle.only("every", "time").time("time"));
      case "week" -> Cycle.weekly(weekdays(cycle.only(DATED)), cycle.time("time"));
      case "month" ->
          Cycle.monthly(cycle.only(DATED).list("days", "[1, \"last\"]"), cycle.time("time"));
      case "year" ->
          Cycle.yearly(cycle.only(DATED).list("days", "[\"06-30\"]"), cycle.time("time"));
      case "cron" -> Cycle.ofCron(cycle.only("every", "cron").text("cron", "0 30 2 * * ?"));
      default ->
          throw Fields.refusal(
              Fields.CYCLE
                  + ".every must be one of "
                  + String.join(", ", KINDS)
                  + ", found '"
                  + Fields.shorten(every)
                  + "'"
                  + Nearest.hint(Fields.shorten(every), KINDS));
    };
  }

  private static Cycle minute(Fields cycle) {
    return Cycle.minutes(
        cycle.whole("interval", 1),
        cycle.time("from", LocalTime.MIDNIGHT),
        cycle.time("to", LAST_MINUTE));
  }

  private static Cycle hour(Fields cycle) {
    int minute = cycle.whole("minute", 0);
    if (!cycle.has("hours")) {
      return Cycle.hours(
          cycle.whole("step", 1), cycle.whole("from", 0), cycle.whole("to", 23), minute);
    }
    if (cycle.has("step") || cycle.has("from") || cycle.has("to")) {
      throw Fields.refusal(Fields.CYCLE + " has hours and also step, from or to: leave out one");
    }
    return Cycle.hours(cycle.wholes("hours", "[6, 18]"), minute);
  }

  private static List<DayOfWeek> weekdays(Fields cycle) {
    return cycle.list("days", "[\"MON\"]").stream().map(CycleForm::weekday).toList();
  }

  /** By its name or the first three letters of it. */
  private static DayOfWeek weekday(String text) {
    return Stream.of(DayOfWeek.values())
        .filter(day -> day.name().substring(0, 3).equalsIgnoreCase(text))
        .findFirst()
        .orElseGet(() -> Fields.word(Fields.CYCLE + ".days", text, DayOfWeek.class));
  }
}
