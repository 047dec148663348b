package io.millrace.engine.task;

import io.millrace.api.option.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that is assigned to a scheduling parameter, such as {@code ${yyyymm}01} or {@code
 * $[yyyymmdd-1]}: constants and expressions, joined. Unlike in a script, every dollar sign begins
 * an expression, and {@code $$} is the sign itself: what is misspelt is refused instead of passed
 * on. Immutable.
 */
public final class ParameterText {

  /** The ids an expression may name: of the workflow, of the task, and of the instance. */
  public static final Set<String> IDS = Set.of("jobid", "nodeid", "taskid");

  private static final int MAX_CHARACTERS = 4000;
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final Pattern JOINT = Pattern.compile("[-_:./]*[0-9]{0,2}[-_:./]*");
  private static final List<String> NAMES =
      List.of("bizdate", "cyctime", "gmtdate", "bizmonth", "jobid", "nodeid", "taskid");
  private static final List<String> BRACED =
      List.of(
          "bizdate",
          "cyctime",
          "gmtdate",
          "bizmonth",
          "bdp.system.bizdate",
          "bdp.system.cyctime",
          "jobid",
          "nodeid",
          "taskid");

  private final List<Piece> pieces;

  private ParameterText(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  private enum Kind {
    CONSTANT,
    NAME,
    BUSINESS_DATE,
    SCHEDULED_TIME
  }

  private record Piece(Kind kind, String text, String source) {}

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException in one line, when something in it has no meaning
   */
  public static ParameterText parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("the value is longer than " + MAX_CHARACTERS);
    }
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (each == ' ' || Character.isWhitespace(each)) {
        throw new IllegalArgumentException(
            "the value has a blank after '"
                + Node.shorten(text.substring(0, at))
                + "': blanks separate assignments, so make two parameters of it");
      }
      if (each == '=') {
        throw new IllegalArgumentException(
            "the value has a '=' after '"
                + Node.shorten(text.substring(0, at))
                + "': it separates name and value, and may stand once");
      }
      if (Character.isISOControl(each)) {
        throw new IllegalArgumentException("the value has a control character");
      }
    }
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf('$', at);
      if (dollar != at) {
        int end = dollar < 0 ? text.length() : dollar;
        pieces.add(new Piece(Kind.CONSTANT, text.substring(at, end), ""));
        at = end;
      } else if (text.startsWith("$$", at)) {
        pieces.add(new Piece(Kind.CONSTANT, "$", ""));
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = closed(text, at, '}');
        pieces.add(braces(text.substring(at + 2, end)));
        at = end + 1;
      } else if (text.startsWith("$[", at)) {
        int end = closed(text, at, ']');
        pieces.add(brackets(text.substring(at + 2, end)));
        at = end + 1;
      } else {
        Piece piece = bare(text, at);
        pieces.add(piece);
        at += piece.source().length();
      }
    }
    return new ParameterText(pieces);
  }

  private static int closed(String text, int dollar, char bracket) {
    int end = text.indexOf(bracket, dollar);
    if (end < 0) {
      throw new IllegalArgumentException(
          "'" + Node.shorten(text.substring(dollar)) + "' has no '" + bracket + "'");
    }
    return end;
  }

  private static Piece braces(String inside) {
    String source = "${" + inside + "}";
    if (inside.isEmpty()) {
      throw new IllegalArgumentException("'${}' is empty: write a pattern such as ${yyyymmdd}");
    }
    if (BRACED.contains(inside)) {
      return new Piece(Kind.NAME, inside, source);
    }
    if (!TimeExpressions.isPattern(inside) && !TimeExpressions.isTime(inside)) {
      throw new IllegalArgumentException(
          "'"
              + Node.shorten(source)
              + "' is neither a time pattern nor one of "
              + String.join(" ", BRACED)
              + ": a value cannot use another parameter"
              + Nearest.hint(inside, BRACED));
    }
    return new Piece(Kind.BUSINESS_DATE, inside, source);
  }

  private static Piece brackets(String inside) {
    String source = "$[" + inside + "]";
    if (!TimeExpressions.isTime(inside)) {
      throw new IllegalArgumentException(
          "'"
              + Node.shorten(source)
              + "' is not a time: write a pattern such as $[yyyymmdd-1] or $[hh24miss-1/24]");
    }
    return new Piece(Kind.SCHEDULED_TIME, inside, source);
  }

  private static Piece bare(String text, int dollar) {
    Matcher word = WORD.matcher(text).region(dollar + 1, text.length());
    if (!word.lookingAt()) {
      throw new IllegalArgumentException(
          "'$' after '"
              + Node.shorten(text.substring(0, dollar))
              + "' begins nothing: write $$ for the sign itself");
    }
    String name = word.group();
    if (!NAMES.contains(name)) {
      // "$bizdate.csv": the dot and what follows is text.
      int dot = name.indexOf('.');
      if (dot > 0 && NAMES.contains(name.substring(0, dot))) {
        name = name.substring(0, dot);
      } else {
        throw unknownName(name);
      }
    }
    return new Piece(Kind.NAME, name, "$" + name);
  }

  private static IllegalArgumentException unknownName(String name) {
    String known = NAMES.stream().filter(name::startsWith).findFirst().orElse("");
    return new IllegalArgumentException(
        "'$"
            + Node.shorten(name)
            + "' is not one of $"
            + String.join(" $", NAMES)
            + (known.isEmpty()
                ? Nearest.hint(name, NAMES)
                : "; write ${" + known + "} before more letters")
            + (TimeExpressions.isTime(name)
                ? "; a pattern stands in braces: ${" + name + "}"
                : ""));
  }

  /**
   * True when its value is made of times and ids, joined by {@code - _ : . /} and at most two
   * digits each: then everybody may see it. Any other constant was given by people and may be data.
   */
  public boolean isOfTime() {
    return pieces.stream().anyMatch(piece -> piece.kind() != Kind.CONSTANT)
        && pieces.stream()
            .filter(piece -> piece.kind() == Kind.CONSTANT)
            .allMatch(piece -> JOINT.matcher(piece.text()).matches());
  }

  /** True when it names this id, which may be known later than the rest. */
  public boolean names(String id) {
    return pieces.stream().anyMatch(piece -> piece.kind() == Kind.NAME && piece.text().equals(id));
  }

  /**
   * The value at a time.
   *
   * @param ids what the names of {@link #IDS} stand for; those the text does not name may be absent
   * @throws IllegalArgumentException in one line, when an expression has no value
   */
  public String value(TimeBase base, Map<String, String> ids) {
    TimeExpressions times = new TimeExpressions(base);
    StringBuilder value = new StringBuilder();
    for (Piece piece : pieces) {
      value.append(
          switch (piece.kind()) {
            case CONSTANT -> piece.text();
            case BUSINESS_DATE -> times.onBusinessDate(piece.text());
            case SCHEDULED_TIME -> times.onScheduledTime(piece.text());
            case NAME -> named(piece, times, ids);
          });
    }
    return value.toString();
  }

  private static String named(Piece piece, TimeExpressions times, Map<String, String> ids) {
    return times
        .named(piece.text())
        .or(() -> Optional.ofNullable(ids.get(piece.text())))
        .orElseThrow(
            () -> new IllegalArgumentException("'" + piece.source() + "' has no value here"));
  }
}
