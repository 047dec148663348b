package io.millrace.server.api;

import io.millrace.server.page.Cursor;
import io.millrace.server.page.PageRequest;
import io.millrace.server.page.Slice;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reads what several routes are given in the same way. */
final class Given {

  private Given() {}

  /** The instant of the query. */
  static Instant instant(Request request, String parameter, Instant otherwise) {
    String text = request.query(parameter).orElse(null);
    if (text == null) {
      return otherwise;
    }
    try {
      return bounded(parameter, Instant.parse(text));
    } catch (DateTimeException e) {
      throw ProblemException.field(parameter, "must be an instant such as 2026-03-10T00:00:00Z");
    }
  }

  /** The store counts milliseconds, and dates beyond this are nobody's. */
  static Instant bounded(String field, Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("2100-01-01T00:00:00Z"))) {
      throw ProblemException.field(field, "must be from 1970 to 2099");
    }
    return time;
  }

  /** The same for a business date. */
  static LocalDate bounded(String field, LocalDate date) {
    if (date.getYear() < 1970 || date.getYear() > 2099) {
      throw ProblemException.field(field, "must be from 1970 to 2099");
    }
    return date;
  }

  /** The date of the query; null without. */
  static @Nullable LocalDate date(Request request, String parameter) {
    String text = request.query(parameter).orElse(null);
    if (text == null) {
      return null;
    }
    try {
      return bounded(parameter, LocalDate.parse(text));
    } catch (DateTimeException e) {
      throw ProblemException.field(parameter, "must be a date such as 2026-03-10");
    }
  }

  /** True or false; null without. */
  static @Nullable Boolean choice(Request request, String parameter) {
    return request.query(parameter).isEmpty() ? null : request.flag(parameter);
  }

  /** What the body says, or else the header. */
  static String why(Request request, @Nullable String why) {
    return why == null || why.isBlank() ? request.why() : Check.text("why", why, 0, 1_000);
  }

  /** Text that may be left out. */
  static String text(String field, @Nullable String text, int most) {
    return text == null ? "" : Check.text(field, text, 0, most);
  }

  /** A list that is given by {@link io.millrace.server.route.Route#givesSlice}. */
  static <T> Slice<T> slice(Request request, Part<T> part, ToLongFunction<T> id) {
    int size = (int) request.number("size", PageRequest.SIZE, 1, PageRequest.LARGEST);
    long before =
        request.query("cursor").map(text -> Cursor.of("cursor", text).id()).orElse(Long.MAX_VALUE);
    List<T> found = part.before(before, size + 1);
    if (found.size() <= size) {
      return new Slice<>(found, null);
    }
    long last = id.applyAsLong(found.get(size - 1));
    return new Slice<>(found.subList(0, size), new Cursor(last, last).text());
  }

  /** Reads a part of a list that is sorted by id, the highest first. */
  @FunctionalInterface
  interface Part<T> {
    List<T> before(long id, int most);
  }
}
