package io.millrace.server.api;

import io.millrace.api.Sensitive;
import io.millrace.scheduler.parameter.Assignments;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.scheduler.parameter.Occasion;
import io.millrace.scheduler.parameter.ParameterPreview;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.TaskDefinition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows when a task comes next and with which values, before there are instances. */
final class Preview {

  static final int COUNT = 10;

  /** A leap day may be eight years off. */
  private static final Duration FAR = Duration.ofDays(366 * 45);

  private final ZoneId zone;
  private final Clock clock;

  Preview(ZoneId zone, Clock clock) {
    this.zone = zone;
    this.clock = clock;
  }

  /**
   * A preview.
   *
   * @param cron null for a task that runs only by hand: its one row is a run of now
   */
  record PreviewView(@Nullable String cron, String zone, List<PreviewRow> rows) {

    /** For somebody who may see no data: the values that are made of times alone. */
    PreviewView withoutValues(Map<String, String> assignments) {
      return new PreviewView(
          cron,
          zone,
          rows.stream()
              .map(
                  row ->
                      new PreviewRow(
                          row.at(),
                          row.time(),
                          row.businessDate(),
                          open(row.parameters(), assignments),
                          open(row.expressions(), assignments)))
              .toList());
    }

    private static Map<String, String> open(
        Map<String, String> values, Map<String, String> assignments) {
      Map<String, String> open = new LinkedHashMap<>();
      values.forEach(
          (name, value) -> {
            String text = assignments.get(name.replaceAll("^\\$\\{?|}$", ""));
            boolean shown = text == null || Assignments.isOfTime(text);
            open.put(name, shown ? value : Sensitive.HIDDEN);
          });
      return open;
    }
  }

  /**
   * One time.
   *
   * @param parameters what is assigned, by name
   * @param expressions what stands directly in the script
   */
  record PreviewRow(
      Instant at,
      LocalDateTime time,
      LocalDate businessDate,
      Map<String, String> parameters,
      Map<String, String> expressions) {}

  PreviewView of(String name, TaskDefinition definition, int count, long jobId, long nodeId) {
    Schedule schedule = definition.schedule();
    ZoneId taskZone = schedule == null ? zone : schedule.zone();
    Instant now = clock.instant();
    List<Occurrence> occurrences =
        schedule == null ? List.of(now(now, taskZone)) : next(schedule, now, count);
    List<Occasion> occasions =
        occurrences.stream()
            .map(one -> Occasion.recurring(one.businessDate(), one.time()))
            .toList();
    List<ParameterPreview.Row> values = values(name, definition, occasions, jobId, nodeId);
    List<PreviewRow> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Occurrence occurrence = occurrences.get(i);
      rows.add(
          new PreviewRow(
              occurrence.at(),
              occurrence.time(),
              occurrence.businessDate(),
              new TreeMap<>(values.get(i).parameters()),
              values.get(i).expressions()));
    }
    return new PreviewView(
        schedule == null ? null : schedule.cycle().cron(), taskZone.getId(), rows);
  }

  private static List<ParameterPreview.Row> values(
      String name, TaskDefinition definition, List<Occasion> occasions, long jobId, long nodeId) {
    if (!definition.script().isBlank()) {
      return ParameterPreview.of(
          name, definition.script(), definition.parameters(), occasions, jobId, nodeId);
    }
    return occasions.stream()
        .map(
            occasion ->
                new ParameterPreview.Row(
                    occasion,
                    FrozenParameters.freeze(
                            definition.parameters(), Map.of(), occasion, jobId, nodeId)
                        .values(),
                    Map.of()))
        .toList();
  }

  private static Occurrence now(Instant now, ZoneId zone) {
    LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochSecond(now.getEpochSecond()), zone);
    return new Occurrence(now, time, time.toLocalDate().minusDays(1), false, "");
  }

  /** Those that really run: looks ever further, so that neither minutes nor leap days are many. */
  private static List<Occurrence> next(Schedule schedule, Instant now, int count) {
    List<Occurrence> found = new ArrayList<>();
    Instant end = now.plus(FAR);
    Duration step = Duration.ofDays(1);
    for (Instant from = now; from.isBefore(end) && found.size() < count; ) {
      Instant to = from.plus(step);
      schedule.occurrences(from, to).stream().filter(one -> !one.dryRun()).forEach(found::add);
      from = to;
      step = step.multipliedBy(2);
    }
    return found.subList(0, Math.min(count, found.size()));
  }
}
