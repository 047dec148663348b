package io.millrace.scheduler.parameter;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.ParameterText;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TimeBase;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a task assigns to its parameters: name to expression text. Stateless. */
public final class Assignments {

  private static final int MOST = 200;

  /** Any time will do to find out whether an expression has a value. */
  private static final TimeBase SAMPLE =
      new TimeBase(
          LocalDate.of(2024, 2, 28),
          LocalDate.of(2024, 2, 29).atTime(12, 34, 56),
          LocalDate.of(2024, 2, 29));

  private Assignments() {}

  /**
   * The assignments of DataWorks' one-line form: {@code dt=$[yyyymmdd-1] h=$[hh24]}.
   *
   * @throws MillraceException in one line, when something in it is wrong
   */
  public static Map<String, String> parse(String line) {
    Map<String, String> assignments = new LinkedHashMap<>();
    String stripped = line.strip();
    if (stripped.isEmpty()) {
      return assignments;
    }
    for (String each : stripped.split("\\s+")) {
      int equals = each.indexOf('=');
      if (equals < 0) {
        throw wrong(
            "'"
                + shorten(each)
                + "' is no assignment: write name=value, without blanks; blanks separate"
                + " assignments");
      }
      String name = each.substring(0, equals);
      if (name.isEmpty()) {
        throw wrong("'" + shorten(each) + "' has no name before '='");
      }
      if (assignments.put(name, each.substring(equals + 1)) != null) {
        throw wrong("parameter '" + shorten(name) + "' is assigned twice");
      }
    }
    check(assignments);
    return assignments;
  }

  /** The one-line form of assignments. */
  public static String line(Map<String, String> assignments) {
    return assignments.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }

  /**
   * Refuses assignments that would have no value, or keep a secret readable.
   *
   * @throws MillraceException in one line that names the parameter
   */
  public static void check(Map<String, String> assignments) {
    if (assignments.size() > MOST) {
      throw wrong("a task has at most " + MOST + " parameters, found " + assignments.size());
    }
    Map<String, String> ids =
        ParameterText.IDS.stream().collect(Collectors.toMap(Function.identity(), id -> "1"));
    assignments.forEach(
        (name, text) -> {
          checkName(name);
          if (text.isEmpty()) {
            throw wrong("parameter '" + name + "' has no value: write " + name + "=value");
          }
          value(name, () -> read(name, text).value(SAMPLE, ids));
        });
  }

  private static void checkName(String name) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]{0,63}")) {
      throw wrong(
          "parameter '"
              + shorten(name)
              + "': a name is made of letters, digits, _ . -, begins with a letter and has at most"
              + " 64 characters");
    }
    if (ParameterText.IDS.contains(name)) {
      throw wrong("parameter '" + name + "' is given by the scheduler: take another name");
    }
    if (name.toLowerCase(Locale.ROOT).matches("(yyyy|yy|mm|dd)(mm|dd|[._-])*")) {
      throw wrong(
          "parameter '"
              + name
              + "' is a time pattern, and ${"
              + name
              + "} means that: take another name");
    }
    if (Secrets.isSecretName(name)) {
      throw wrong(
          "parameter '"
              + name
              + "' is a secret by its name, and parameters are kept readable: put the secret into a"
              + " data source");
    }
  }

  /** True when everybody may see the text and its value: it is made of times and ids. */
  public static boolean isOfTime(String text) {
    try {
      return ParameterText.parse(text).isOfTime();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Those of these texts that everybody may see, {@value Sensitive#HIDDEN} in place of others. */
  public static Map<String, String> open(Map<String, String> texts) {
    Map<String, String> open = new LinkedHashMap<>();
    texts.forEach((name, text) -> open.put(name, isOfTime(text) ? text : Sensitive.HIDDEN));
    return open;
  }

  /** The text of a parameter, read. */
  static ParameterText read(String name, String text) {
    return value(name, () -> ParameterText.parse(text));
  }

  /** Names the parameter in what is wrong with its value. */
  static <T> T value(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          ("parameter '" + name + "': " + e.getMessage()).replaceAll("\\p{Cntrl}", " "),
          e);
    }
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(
        StandardError.CONFIGURATION, message.replaceAll("\\p{Cntrl}", " "));
  }

  private static String shorten(String text) {
    return Sensitive.mark(text.length() <= 80 ? text : text.substring(0, 77) + "...");
  }
}
