package io.millrace.scheduler.backfill;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hours in which a backfill may begin something: opens dates and lets its instances start. What
 * runs when they end goes on. Immutable.
 *
 * @param zone whose clocks count
 * @param daily every day, or on working days when {@code weekend} is given; null for never
 * @param weekend on Saturdays and Sundays; null for the same as {@code daily}
 */
public record RunWindow(ZoneId zone, @Nullable Hours daily, @Nullable Hours weekend) {

  /** A week has every kind of day; two more for hours that clocks leave out. */
  private static final int DAYS = 9;

  /**
   * Hours of a day.
   *
   * @param to not included; at or before {@code from} it is that of the next day
   */
  public record Hours(LocalTime from, LocalTime to) {
    public Hours {
      if (from == null || to == null) {
        throw BackfillRequest.wrong("runWindow hours need both from and to");
      }
    }
  }

  private record Opening(Instant from, Instant to) {}

  public RunWindow {
    if (zone == null) {
      throw BackfillRequest.wrong("runWindow needs a zone, such as Europe/Berlin");
    }
    if (daily == null && weekend == null) {
      throw BackfillRequest.wrong("runWindow needs daily or weekend hours");
    }
  }

  /** True when something may begin. */
  public boolean isOpen(Instant at) {
    return openings(at).stream().anyMatch(one -> !at.isBefore(one.from()) && at.isBefore(one.to()));
  }

  /** The given time when something may begin then, else the next such time. */
  public Instant openFrom(Instant at) {
    if (isOpen(at)) {
      return at;
    }
    return openings(at).stream()
        .map(Opening::from)
        .filter(from -> from.isAfter(at))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** When it changes next from open to closed or back, or from one opening to the next. */
  public Instant nextChange(Instant at) {
    return openings(at).stream()
        .<Instant>mapMulti(
            (one, each) -> {
              each.accept(one.from());
              each.accept(one.to());
            })
        .filter(change -> change.isAfter(at))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** From the one that began the day before, for it may reach over midnight. */
  private List<Opening> openings(Instant at) {
    LocalDate today = at.atZone(zone).toLocalDate();
    List<Opening> openings = new ArrayList<>();
    for (int day = -1; day <= DAYS; day++) {
      LocalDate date = today.plusDays(day);
      Hours hours = hours(date);
      if (hours != null) {
        LocalDate end = hours.to().isAfter(hours.from()) ? date : date.plusDays(1);
        openings.add(
            new Opening(
                date.atTime(hours.from()).atZone(zone).toInstant(),
                end.atTime(hours.to()).atZone(zone).toInstant()));
      }
    }
    return openings;
  }

  private @Nullable Hours hours(LocalDate date) {
    DayOfWeek day = date.getDayOfWeek();
    boolean free = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    return free && weekend != null ? weekend : daily;
  }
}
