package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.BackfillPlan.Counts;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedDate;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedTask;
import io.millrace.scheduler.backfill.BackfillPlan.SliceBounds;
import io.millrace.scheduler.backfill.BackfillRequest.DateRange;
import io.millrace.scheduler.backfill.BackfillRequest.Order;
import io.millrace.scheduler.backfill.BackfillRequest.Slices;
import io.millrace.scheduler.backfill.BackfillRequest.TimeWindow;
import io.millrace.scheduler.backfill.Existing.Action;
import io.millrace.scheduler.backfill.Existing.Earlier;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.TaskKind;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Works out what a backfill makes. Pure: what there is already is handed in. */
final class Planner {

  /** More than a hundred years, or a year of every minute task's minutes, are a mistake. */
  private static final long MOST_DAYS = 36_600;

  private static final int MOST_INSTANCES = 600_000;

  private final BackfillRequest request;
  private final List<ScopedTask> scope;
  private final Lookup lookup;
  private final Instant now;
  private final List<String> notes = new ArrayList<>();
  private int instances;

  /** Finds what there is already. */
  @FunctionalInterface
  interface Lookup {
    /** By scheduled time, the recurring and backfill instances of a task, both ends included. */
    Map<Instant, List<Earlier>> find(long task, Instant from, Instant to);
  }

  /** The occurrences that one run of a task takes. */
  private record Run(ScopedTask task, List<Occurrence> occurrences) {
    Occurrence last() {
      return occurrences.get(occurrences.size() - 1);
    }
  }

  private Planner(BackfillRequest request, List<ScopedTask> scope, Lookup lookup, Instant now) {
    this.request = request;
    this.scope = scope;
    this.lookup = lookup;
    this.now = now;
  }

  /**
   * Plans.
   *
   * @param scope ancestors before descendants
   * @throws io.millrace.api.error.MillraceException in one line, when it makes no sense
   */
  static BackfillPlan plan(
      BackfillRequest request, List<ScopedTask> scope, Lookup lookup, Instant now) {
    return new Planner(request, scope, lookup, now).plan();
  }

  private BackfillPlan plan() {
    refuseTooManyDays();
    NavigableMap<LocalDate, List<Run>> runs = runs();
    if (instances == 0) {
      throw BackfillRequest.wrong(nothing());
    }
    refuseFuture(runs);
    NavigableMap<LocalDate, List<PlannedInstance>> planned = decide(runs);
    new Links(scope, request.order() == Order.DESC).add(planned);
    if (request.order() == Order.DESC && scope.stream().anyMatch(Planner::looksBack)) {
      notes.add("latest date first: dependencies on an earlier date do not count");
    }
    List<PlannedDate> dates = new ArrayList<>();
    inOrder(planned)
        .forEach(
            (date, list) ->
                dates.add(new PlannedDate(date, list, list.isEmpty() ? "no occurrence" : "")));
    return new BackfillPlan(
        request,
        name(),
        scope.stream()
            .map(one -> new PlannedTask(one.id(), one.name(), one.version().version(), one.left()))
            .toList(),
        dates,
        counts(dates),
        notes);
  }

  private void refuseTooManyDays() {
    long days = request.ranges().stream().mapToLong(DateRange::days).sum();
    if (days > MOST_DAYS) {
      throw BackfillRequest.wrong(
          "the ranges have " + days + " dates, at most " + MOST_DAYS + " are allowed");
    }
  }

  /** What runs on which date; a slice counts to the date of its end. */
  private NavigableMap<LocalDate, List<Run>> runs() {
    NavigableMap<LocalDate, List<Run>> runs = new TreeMap<>();
    Slices slices = request.slices();
    boolean perTime =
        slices.kind() == Slices.Kind.PERIODS && scope.stream().anyMatch(ScopedTask::isSubDaily);
    if (perTime && scope.size() > 1) {
      throw BackfillRequest.wrong(
          "slices of several periods of a task that runs several times a day cannot take other"
              + " tasks along; backfill it alone, or take slices of the kind RANGE");
    }
    for (DateRange range : request.ranges()) {
      if (perTime) {
        List<LocalDate> dates = range.from().datesUntil(range.to().plusDays(1)).toList();
        Run whole = run(scope.get(0), dates);
        for (List<Occurrence> part : parts(whole.occurrences(), slices.periods())) {
          Run run = new Run(whole.task(), part);
          add(runs, run.last().businessDate(), run);
        }
      } else {
        addByDate(runs, range);
      }
    }
    return runs;
  }

  private void addByDate(NavigableMap<LocalDate, List<Run>> runs, DateRange range) {
    List<LocalDate> dates = range.from().datesUntil(range.to().plusDays(1)).toList();
    int size =
        switch (request.slices().kind()) {
          case EACH -> 1;
          case PERIODS -> request.slices().periods();
          case RANGE -> dates.size();
        };
    for (List<LocalDate> part : parts(dates, size)) {
      LocalDate end = part.get(part.size() - 1);
      runs.computeIfAbsent(end, key -> new ArrayList<>());
      for (ScopedTask task : scope) {
        Run run = run(task, part);
        if (request.slices().kind() == Slices.Kind.EACH) {
          run.occurrences().forEach(one -> add(runs, end, new Run(task, List.of(one))));
        } else if (!run.occurrences().isEmpty()) {
          add(runs, end, run);
        }
      }
    }
  }

  private void add(NavigableMap<LocalDate, List<Run>> runs, LocalDate date, Run run) {
    if (++instances > MOST_INSTANCES) {
      throw BackfillRequest.wrong(
          "it would have more than " + MOST_INSTANCES + " instances; take fewer dates at a time");
    }
    runs.computeIfAbsent(date, key -> new ArrayList<>()).add(run);
  }

  private Run run(ScopedTask task, List<LocalDate> dates) {
    TimeWindow times = request.times();
    return new Run(
        task,
        dates.stream()
            .flatMap(date -> task.occurrences(date).stream())
            .filter(one -> times == null || times.contains(one.time().toLocalTime()))
            .toList());
  }

  private static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int at = 0; at < all.size(); at += size) {
      parts.add(all.subList(at, Math.min(all.size(), at + size)));
    }
    return parts;
  }

  private String nothing() {
    TimeWindow times = request.times();
    return "'"
        + scope.get(0).name()
        + "' has no occurrence on these dates"
        + (times == null ? "" : " from " + times.from() + " to " + times.to())
        + "; look at its schedule and effective dates";
  }

  private void refuseFuture(NavigableMap<LocalDate, List<Run>> runs) {
    if (request.future() != null) {
      return;
    }
    runs.values().stream()
        .flatMap(List::stream)
        .filter(run -> run.last().at().isAfter(now))
        .findFirst()
        .ifPresent(
            run -> {
              throw BackfillRequest.wrong(
                  "business date "
                      + run.last().businessDate()
                      + " of '"
                      + run.task().name()
                      + "' is due in the future ("
                      + run.last().time()
                      + "); say with future whether it runs NOW or AT_TIME");
            });
  }

  private NavigableMap<LocalDate, List<PlannedInstance>> decide(
      NavigableMap<LocalDate, List<Run>> runs) {
    Map<Long, Map<Instant, List<Earlier>>> earlier = new TreeMap<>();
    for (ScopedTask task : scope) {
      List<Instant> times =
          runs.values().stream()
              .flatMap(List::stream)
              .filter(run -> run.task() == task)
              .flatMap(run -> Stream.of(run.occurrences().get(0).at(), run.last().at()))
              .toList();
      if (!times.isEmpty()) {
        Instant from = times.stream().min(Comparator.naturalOrder()).orElseThrow();
        Instant to = times.stream().max(Comparator.naturalOrder()).orElseThrow();
        earlier.put(task.id(), lookup.find(task.id(), from, to));
      }
    }
    NavigableMap<LocalDate, List<PlannedInstance>> planned = new TreeMap<>();
    runs.forEach(
        (date, list) ->
            planned.put(
                date,
                list.stream()
                    .map(run -> decide(date, run, earlier.getOrDefault(run.task().id(), Map.of())))
                    .toList()));
    return planned;
  }

  private PlannedInstance decide(LocalDate date, Run run, Map<Instant, List<Earlier>> earlier) {
    ScopedTask task = run.task();
    Mode mode = mode(run);
    Existing.Decision decision = null;
    for (Occurrence occurrence : run.occurrences()) {
      Existing.Decision one =
          request
              .existing()
              .decide(
                  earlier.getOrDefault(occurrence.at(), List.of()), mode.mode() == RunMode.DRY_RUN);
      // A slice is skipped when all of it is.
      if (decision == null || decision.action() == Action.SKIP) {
        decision = one;
      }
    }
    if (decision == null || task.left()) {
      decision = new Existing.Decision(Action.CREATE, "");
    }
    String why =
        Stream.of(decision.why(), decision.action() == Action.SKIP ? "" : mode.why())
            .filter(words -> !words.isEmpty())
            .reduce((one, other) -> one + "; " + other)
            .orElse("");
    Occurrence last = run.last();
    return new PlannedInstance(
        task.id(),
        last.at(),
        last.time(),
        date,
        decision.action(),
        mode.mode(),
        why,
        bounds(run),
        List.of());
  }

  private record Mode(RunMode mode, String why) {}

  private static Mode mode(Run run) {
    ScopedTask task = run.task();
    Schedule schedule = task.schedule();
    if (task.left()) {
      return new Mode(RunMode.DRY_RUN, "left out of this backfill");
    }
    if (task.frozen() || (schedule != null && schedule.mode() == RunMode.SKIP)) {
      return new Mode(RunMode.SKIP, "the task is frozen");
    }
    if (task.version().definition().kind() == TaskKind.ZERO_LOAD) {
      return new Mode(RunMode.DRY_RUN, "zero-load");
    }
    if (run.occurrences().stream().allMatch(Occurrence::dryRun)) {
      return new Mode(RunMode.DRY_RUN, run.last().reason());
    }
    if (schedule != null && schedule.mode() == RunMode.DRY_RUN) {
      return new Mode(RunMode.DRY_RUN, "the task's schedule is a dry run");
    }
    return new Mode(RunMode.NORMAL, "");
  }

  private @Nullable SliceBounds bounds(Run run) {
    if (request.slices().kind() == Slices.Kind.EACH) {
      return null;
    }
    Occurrence first = run.occurrences().get(0);
    Occurrence last = run.last();
    return new SliceBounds(first.businessDate(), last.businessDate(), first.time(), last.time());
  }

  private static boolean looksBack(ScopedTask task) {
    return task.upstream().containsValue(Dependency.Kind.PREVIOUS_CYCLE);
  }

  private NavigableMap<LocalDate, List<PlannedInstance>> inOrder(
      NavigableMap<LocalDate, List<PlannedInstance>> planned) {
    return request.order() == Order.DESC ? planned.descendingMap() : planned;
  }

  private String name() {
    String given = request.name();
    if (given != null) {
      return given;
    }
    LocalDate from =
        request.ranges().stream().map(DateRange::from).min(Comparator.naturalOrder()).orElseThrow();
    LocalDate to =
        request.ranges().stream().map(DateRange::to).max(Comparator.naturalOrder()).orElseThrow();
    String what = request.task() == null ? request.workflow() : request.task();
    return what + " " + from + ".." + to;
  }

  private static Counts counts(List<PlannedDate> dates) {
    int made = 0;
    int dryRuns = 0;
    Map<Action, Integer> actions = new java.util.EnumMap<>(Action.class);
    for (PlannedDate date : dates) {
      for (PlannedInstance one : date.instances()) {
        actions.merge(one.action(), 1, Integer::sum);
        if (one.action() != Action.SKIP && one.mode() == RunMode.DRY_RUN) {
          dryRuns++;
        }
      }
      if (date.instances().stream().anyMatch(one -> one.action() != Action.SKIP)) {
        made++;
      }
    }
    return new Counts(
        made,
        actions.getOrDefault(Action.CREATE, 0),
        actions.getOrDefault(Action.RERUN, 0),
        actions.getOrDefault(Action.SKIP, 0),
        dryRuns);
  }
}
