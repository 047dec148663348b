package io.millrace.scheduler.parameter;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.ParameterPlaces;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What somebody who may run a task, but did not write it, may give its parameters: what the
 * author's pattern for the parameter says, and without one only what cannot be more than a value
 * where the parameter stands. What a schedule assigns is the author's own and is not looked at.
 * Stateless.
 */
public final class GivenValues {

  private static final int MOST = 200;

  /** No blank but one between a date and a time, nothing that begins a comment or a word. */
  private static final Pattern NUMBER =
      Pattern.compile("[0-9]+([.:-][0-9]+)*( [0-9]+([.:-][0-9]+)*)?");

  /** Ends no quoted text, is no path upwards and begins no comment. */
  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{N}_]+([-:., ][\\p{L}\\p{N}_]+)*");

  private GivenValues() {}

  /**
   * Checks the patterns of a task.
   *
   * @throws MillraceException in one line that names the parameter
   */
  public static void checkPatterns(Map<String, String> patterns, Map<String, String> assignments) {
    patterns.forEach(
        (name, pattern) -> {
          if (!assignments.containsKey(name)) {
            throw wrong(name, "has a pattern, but is not among the task's parameters");
          }
          if (pattern == null || pattern.isEmpty() || pattern.length() > MOST) {
            throw wrong(name, "its pattern must have 1 to " + MOST + " characters");
          }
          try {
            Pattern.compile(pattern);
          } catch (PatternSyntaxException e) {
            throw wrong(name, "its pattern is no regular expression: " + e.getDescription());
          }
        });
  }

  /**
   * Checks a value that was given.
   *
   * @param value what the given text comes to
   * @param assigned what the task assigns to the parameter
   * @param patterns those of the task
   * @param script the task's text
   * @throws MillraceException in one line that says what may be given
   */
  public static void check(
      String name, String value, String assigned, Map<String, String> patterns, String script) {
    if (value.length() > MOST) {
      throw wrong(name, "the value that is given has more than " + MOST + " characters");
    }
    String pattern = patterns.get(name);
    if (pattern != null) {
      if (!matches(name, pattern, value)) {
        throw wrong(name, "takes what matches " + pattern + ", given is " + shown(value));
      }
      return;
    }
    ParameterPlaces.Place place = ParameterPlaces.of(name, script);
    if (Assignments.isOfTime(assigned) || place == ParameterPlaces.Place.UNQUOTED) {
      if (!NUMBER.matcher(value).matches()) {
        throw wrong(
            name,
            "takes a number, a date or a time, given is "
                + shown(value)
                + "; other values need a pattern in the task (patterns."
                + name
                + ")");
      }
    } else if (place == ParameterPlaces.Place.OTHER) {
      throw wrong(
          name,
          "decides more than a value of the task, such as a name or a path: it can be given only"
              + " where the task says with a pattern what it may be (patterns."
              + name
              + ")");
    } else if (!PLAIN.matcher(value).matches()) {
      throw wrong(
          name,
          "takes letters, digits and _, and between them one of - : . , or a blank, given is "
              + shown(value)
              + "; other values need a pattern in the task (patterns."
              + name
              + ")");
    }
  }

  /**
   * An author's pattern may try more ways than there is time for, and whoever gives the value
   * chooses which.
   */
  private static boolean matches(String name, String pattern, String value) {
    try {
      return Pattern.compile(pattern).matcher(new Looked(value)).matches();
    } catch (TooManyLooks | StackOverflowError e) {
      throw wrong(name, "its pattern takes too long for the value that is given; make it simpler");
    }
  }

  /** A text that may be looked at so many times only. Used by one thread. */
  private static final class Looked implements CharSequence {

    private static final int MOST_LOOKS = 1_000_000;

    private final String text;
    private int looks;

    Looked(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++looks > MOST_LOOKS) {
        throw new TooManyLooks();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class TooManyLooks extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyLooks() {
      super(null, null, false, false);
    }
  }

  private static String shown(String value) {
    return "'" + Sensitive.mark(value.replaceAll("\\p{Cntrl}", " ")) + "'";
  }

  private static MillraceException wrong(String name, String message) {
    return new MillraceException(
        StandardError.CONFIGURATION, "parameter '" + name + "' " + message);
  }
}
