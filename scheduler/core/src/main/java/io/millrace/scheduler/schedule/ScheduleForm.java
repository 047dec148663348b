package io.millrace.scheduler.schedule;

import io.millrace.api.option.Nearest;
import io.millrace.scheduler.instance.RunMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON form of a schedule. */
final class ScheduleForm {

  private static final String[] KEYS = {
    "cycle",
    "zone",
    "effectiveFrom",
    "effectiveTo",
    "generation",
    "mode",
    "catchUp",
    "maximumLateness"
  };

  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})\\s*([mhd])");

  private ScheduleForm() {}

  static Schedule read(Map<String, @Nullable Object> form) {
    Fields schedule = new Fields(Fields.SCHEDULE, form);
    schedule.only(KEYS);
    return new Schedule(
        CycleForm.read(form.get("cycle")),
        zone(schedule.text("zone", "Europe/Berlin")),
        schedule.optional("effectiveFrom", "2026-01-31", LocalDate::parse),
        schedule.optional("effectiveTo", "2026-12-31", LocalDate::parse),
        schedule.word("generation", Generation.class, Generation.T_PLUS_1),
        schedule.word("mode", RunMode.class, RunMode.NORMAL),
        schedule.word("catchUp", CatchUp.class, CatchUp.ALL),
        schedule.optional("maximumLateness", "6h, 3d or PT6H", ScheduleForm::duration));
  }

  static Map<String, Object> write(Schedule schedule) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("cycle", schedule.cycle().form());
    form.put("zone", schedule.zone().getId());
    if (schedule.effectiveFrom() != null) {
      form.put("effectiveFrom", schedule.effectiveFrom().toString());
    }
    if (schedule.effectiveTo() != null) {
      form.put("effectiveTo", schedule.effectiveTo().toString());
    }
    form.put("generation", schedule.generation().name());
    form.put("mode", schedule.mode().name());
    form.put("catchUp", schedule.catchUp().name());
    if (schedule.maximumLateness() != null) {
      form.put("maximumLateness", schedule.maximumLateness().toString());
    }
    return form;
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw Fields.refusal(
          "schedule.zone must be a time zone such as Europe/Berlin or +08:00, found '"
              + Fields.shorten(text)
              + "'"
              + Nearest.hint(Fields.shorten(text), ZoneId.getAvailableZoneIds()));
    }
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Duration.parse(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
