package io.millrace.scheduler.backfill;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to be backfilled. Has a plain JSON form, in which everything but the task (or
 * workflow) and the ranges may be left out. Immutable.
 *
 * @param name how it is listed; made of the task and its dates when null
 * @param task the name of a task; null when a workflow is given
 * @param workflow the name of a workflow, all of whose tasks take part; null when a task is given
 * @param ranges 1 to 7 ranges of business dates that do not overlap
 * @param times only scheduled times of day in this window, for every task; null for all
 * @param parallelism how many business dates may be open at once, 1 to 10. Within a date, only
 *     dependencies decide, a task's on itself among them
 * @param scope which descendants take part; itself alone by default
 * @param future when instances run that are due in the future; null refuses them
 * @param parameters expressions that take the place of those of the tasks, in each task that runs
 * @param group the resource group for all; null for each task's own
 * @param priority 1 to 11 for all; null for each task's own
 * @param runWindow only in these hours anything begins; null for always
 * @param stopAfter with {@link OnFailure#STOP_AFTER}, so many failed dates stop it
 * @param onFailure by default STOP one date after another, and CONTINUE with several at once
 */
public record BackfillRequest(
    @Nullable String name,
    @Nullable String task,
    @Nullable String workflow,
    List<DateRange> ranges,
    @Nullable TimeWindow times,
    int parallelism,
    Order order,
    Scope scope,
    @Nullable Future future,
    Map<String, String> parameters,
    @Nullable String group,
    @Nullable Integer priority,
    @Nullable RunWindow runWindow,
    Alert alert,
    Existing existing,
    Slices slices,
    OnFailure onFailure,
    int stopAfter) {

  private static final int MOST_RANGES = 7;
  private static final int MOST_PARALLEL = 10;
  private static final int MOST_PRIORITY = 11;
  private static final int MOST_NAME = 200;

  /** In which order dates are let go. */
  public enum Order {
    ASC,

    /**
     * The latest date first. No date then waits for an earlier one: dependencies on a previous
     * cycle count within a date only.
     */
    DESC
  }

  /** When instances run that are due in the future. */
  public enum Future {
    NOW,
    AT_TIME
  }

  /** Of which end somebody is told. */
  public enum Alert {
    NONE,
    SUCCESS,
    FAILURE,
    BOTH
  }

  /** What a failed date does to those that have not begun. */
  public enum OnFailure {
    /** The first one stops it. */
    STOP,

    CONTINUE,

    /** So many stop it. */
    STOP_AFTER
  }

  /** Business dates, both ends included. */
  public record DateRange(LocalDate from, LocalDate to) {
    public DateRange {
      if (from == null || to == null) {
        throw wrong("a range needs both from and to");
      }
      if (from.isAfter(to)) {
        throw wrong("range " + from + " to " + to + " ends before it begins; exchange its ends");
      }
    }

    long days() {
      return ChronoUnit.DAYS.between(from, to) + 1;
    }

    @Override
    public String toString() {
      return from + ".." + to;
    }
  }

  /** Times of day as clocks of the task's zone show them, both ends included. */
  public record TimeWindow(LocalTime from, LocalTime to) {
    public TimeWindow {
      if (from == null || to == null) {
        throw wrong("times needs both from and to, or neither");
      }
      if (from.isAfter(to)) {
        throw wrong("times from " + from + " to " + to + " ends before it begins");
      }
    }

    boolean contains(LocalTime time) {
      return !time.isBefore(from) && !time.isAfter(to);
    }
  }

  /**
   * Which descendants take part. One that does not, but has to be passed on the way to one that
   * does, becomes a dry run.
   *
   * @param descendants false for the task itself alone
   * @param chosen only these of them; null for all
   * @param excluded without these
   */
  public record Scope(boolean descendants, @Nullable List<String> chosen, List<String> excluded) {

    /** The task itself alone. */
    public static final Scope ALONE = new Scope(false, null, List.of());

    public Scope {
      chosen = chosen == null ? null : List.copyOf(chosen);
      excluded = excluded == null ? List.of() : List.copyOf(excluded);
      if (!descendants && (chosen != null || !excluded.isEmpty())) {
        throw wrong("scope chooses or excludes descendants, but descendants is not true");
      }
    }
  }

  /**
   * How many periods one run takes. Its instance is that of its last period: this one's scheduled
   * time and business date count for all expressions. What it has to take is in four more
   * parameters: {@code slice.from} and {@code slice.to} are the first and the last business date as
   * {@code yyyyMMdd}, {@code slice.fromTime} and {@code slice.toTime} the first and the last
   * scheduled time as {@code yyyyMMddHHmmss}.
   *
   * @param periods of a {@link Kind#PERIODS} slice: scheduled times of a task that has several a
   *     day, otherwise business dates. A slice does not reach from one range into the next
   */
  public record Slices(Kind kind, int periods) {

    /** The kinds of slices. */
    public enum Kind {
      /** One run for each period. */
      EACH,
      PERIODS,

      /** One run for each range. */
      RANGE
    }

    /** One run for each period. */
    public static final Slices EACH = new Slices(Kind.EACH, 0);

    public Slices {
      kind = kind == null ? Kind.EACH : kind;
      if (kind == Kind.PERIODS && periods < 1) {
        throw wrong("slices.periods must be at least 1, found " + periods);
      }
      if (kind != Kind.PERIODS && periods != 0) {
        throw wrong("slices.periods is for slices of the kind PERIODS; this is " + kind);
      }
    }
  }

  public BackfillRequest {
    if ((task == null) == (workflow == null)) {
      throw wrong("name either a task or a workflow");
    }
    ranges = ranges == null ? List.of() : List.copyOf(ranges);
    parallelism = parallelism == 0 ? 1 : parallelism;
    order = order == null ? Order.ASC : order;
    scope = scope == null ? Scope.ALONE : scope;
    parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
    alert = alert == null ? Alert.NONE : alert;
    existing = existing == null ? Existing.ALL : existing;
    slices = slices == null ? Slices.EACH : slices;
    if (onFailure == null) {
      onFailure = parallelism == 1 ? OnFailure.STOP : OnFailure.CONTINUE;
    }
    checkRanges(ranges);
    check("parallelism", parallelism, MOST_PARALLEL);
    if (priority != null) {
      check("priority", priority, MOST_PRIORITY);
    }
    if ((onFailure == OnFailure.STOP_AFTER) != (stopAfter > 0)) {
      throw wrong("stopAfter must be at least 1 with onFailure STOP_AFTER, and absent otherwise");
    }
    if (name != null && (name.isBlank() || name.length() > MOST_NAME)) {
      throw wrong("name must have 1 to " + MOST_NAME + " characters");
    }
  }

  private static void checkRanges(List<DateRange> ranges) {
    if (ranges.isEmpty() || ranges.size() > MOST_RANGES) {
      throw wrong("give 1 to " + MOST_RANGES + " ranges of business dates, found " + ranges.size());
    }
    List<DateRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(DateRange::from));
    for (int i = 1; i < sorted.size(); i++) {
      if (!sorted.get(i).from().isAfter(sorted.get(i - 1).to())) {
        throw wrong("ranges " + sorted.get(i - 1) + " and " + sorted.get(i) + " overlap");
      }
    }
  }

  private static void check(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw wrong(what + " must be 1 to " + most + ", found " + value);
    }
  }

  /** So many failed dates stop it. */
  int failuresToStop() {
    return switch (onFailure) {
      case STOP -> 1;
      case STOP_AFTER -> stopAfter;
      case CONTINUE -> Integer.MAX_VALUE;
    };
  }

  static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, "backfill: " + what);
  }
}
