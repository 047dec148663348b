package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a task file is read with. Immutable.
 *
 * @param parameters {@code -p name=value}
 * @param businessDate base of {@code ${yyyymmdd}}; null for the day before the scheduled time, or
 *     yesterday in the task's zone
 * @param scheduledTime base of {@code $[yyyymmdd]}; null for the start of the day after the
 *     business date
 * @param dataSources the file of data sources; it needs to exist only for a task that names one
 * @param strict things in a DataX or DataWorks file that have no meaning here are errors
 * @param clock the source of the current time
 * @param zone the zone of tasks that state none
 * @param environment looks up an environment variable; null when it is not set
 * @param lookup knows the data sources instead of the file; null to use the file
 */
public record ReadSettings(
    Map<String, String> parameters,
    @Nullable LocalDate businessDate,
    @Nullable LocalDateTime scheduledTime,
    Path dataSources,
    boolean strict,
    Clock clock,
    ZoneId zone,
    Function<String, @Nullable String> environment,
    @Nullable DataSourceLookup lookup) {

  private static final DateTimeFormatter YYYYMMDD =
      DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

  public ReadSettings {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    for (String name : parameters.keySet()) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "parameter '"
                + Node.shorten(name)
                + "': a name is made of letters, digits, _ . - and begins with a letter");
      }
    }
  }

  /** No parameters, {@code conf/datasources.yaml}, this machine's clock, zone and environment. */
  public static ReadSettings defaults() {
    return new ReadSettings(
        Map.of(),
        null,
        null,
        Path.of("conf", "datasources.yaml"),
        false,
        Clock.systemUTC(),
        ZoneId.systemDefault(),
        System::getenv,
        null);
  }

  public ReadSettings withParameters(Map<String, String> values) {
    return new ReadSettings(
        values, businessDate, scheduledTime, dataSources, strict, clock, zone, environment, lookup);
  }

  public ReadSettings withBusinessDate(LocalDate date) {
    return new ReadSettings(
        parameters, date, scheduledTime, dataSources, strict, clock, zone, environment, lookup);
  }

  /**
   * With the business date as {@code --bizdate} gives it.
   *
   * @param text a date as 20261120 or 2026-11-20
   * @throws MillraceException when it is none of these
   */
  public ReadSettings withBusinessDate(String text) {
    try {
      return withBusinessDate(
          text.indexOf('-') > 0 ? LocalDate.parse(text) : LocalDate.parse(text, YYYYMMDD));
    } catch (DateTimeException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "bizdate must be a date such as 20261120 or 2026-11-20, found '"
              + Node.shorten(text)
              + "'",
          e);
    }
  }

  public ReadSettings withScheduledTime(LocalDateTime time) {
    return new ReadSettings(
        parameters, businessDate, time, dataSources, strict, clock, zone, environment, lookup);
  }

  public ReadSettings withDataSources(Path file) {
    return new ReadSettings(
        parameters, businessDate, scheduledTime, file, strict, clock, zone, environment, lookup);
  }

  /** With data sources that are kept elsewhere; the file is not looked at. */
  public ReadSettings withDataSources(DataSourceLookup known) {
    return new ReadSettings(
        parameters,
        businessDate,
        scheduledTime,
        dataSources,
        strict,
        clock,
        zone,
        environment,
        known);
  }

  public ReadSettings withStrict(boolean on) {
    return new ReadSettings(
        parameters, businessDate, scheduledTime, dataSources, on, clock, zone, environment, lookup);
  }

  public ReadSettings withClock(Clock source, ZoneId defaultZone) {
    return new ReadSettings(
        parameters,
        businessDate,
        scheduledTime,
        dataSources,
        strict,
        source,
        defaultZone,
        environment,
        lookup);
  }

  /**
   * With a current date that stays, whatever the clock and the task's zone say: {@code $bizmonth}
   * of a rerun is that of the first run.
   */
  public ReadSettings withToday(LocalDate day) {
    return withClock(new DayClock(day, zone), zone);
  }

  public ReadSettings withEnvironment(Function<String, @Nullable String> variables) {
    return new ReadSettings(
        parameters,
        businessDate,
        scheduledTime,
        dataSources,
        strict,
        clock,
        zone,
        variables,
        lookup);
  }

  /** The dates that time parameters count from, in a task's zone. */
  TimeBase timeBase(ZoneId taskZone) {
    LocalDate today = LocalDate.now(clock.withZone(taskZone));
    LocalDate business = businessDate;
    if (business == null) {
      business = (scheduledTime == null ? today : scheduledTime.toLocalDate()).minusDays(1);
    }
    LocalDateTime scheduled =
        scheduledTime == null ? business.plusDays(1).atStartOfDay() : scheduledTime;
    return new TimeBase(business, scheduled, today);
  }
}
