package io.millrace.files.read;

import io.millrace.files.read.PathSyntax.Feature;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A name with wildcards: {@code *} for anything within a folder, {@code **} across folders, {@code
 * **}{@code /} for any number of folders or none, {@code ?} for one character, {@code [0-9]} and
 * {@code [!0-9]} for one of a set; a backslash takes the meaning from the character behind it.
 * Which of them count is said by a {@link PathSyntax}. It means the files whose name fits and those
 * in folders whose name fits. Immutable.
 *
 * <p>A name is matched in time proportional to its length times that of the pattern, whatever they
 * are: all places that the pattern can be at are followed at once, and nothing is tried twice.
 */
final class Glob {

  private enum Kind {
    /** One character. */
    CHARACTER,
    /** Any one but the end of a folder. */
    ONE,
    /** One of a set. */
    SET,
    /** Any number within a folder. */
    WITHIN,
    /** Any number. */
    ACROSS,
    /** Passes over the next step: no folder. */
    FOLDERS,
    /** Any number of folders, each with its end. */
    IN_FOLDERS
  }

  /** What may follow behind the last step. */
  private enum Tail {
    NOTHING,
    /** A folder's end and anything. */
    BELOW,
    /** Anything: the name ended in a folder's end. */
    INSIDE
  }

  /**
   * A step of the pattern.
   *
   * @param character of the kind CHARACTER
   * @param ranges of the kind SET: first and last of each range
   * @param not of the kind SET: whether its members are those that do not fit
   */
  private record Step(Kind kind, int character, int[] ranges, boolean not) {

    static Step of(Kind kind) {
      return new Step(kind, 0, new int[0], false);
    }

    static Step of(int character) {
      return new Step(Kind.CHARACTER, character, new int[0], false);
    }

    /** Whether it takes a character, and stays or goes on. */
    boolean takes(int c) {
      return switch (kind) {
        case CHARACTER -> c == character;
        case ONE, WITHIN -> c != '/';
        case ACROSS, IN_FOLDERS -> true;
        case FOLDERS -> false;
        case SET -> not ? c != '/' && !isMember(c) : isMember(c);
      };
    }

    private boolean isMember(int c) {
      for (int i = 0; i < ranges.length; i += 2) {
        if (c >= ranges[i] && c <= ranges[i + 1]) {
          return true;
        }
      }
      return false;
    }
  }

  private final String text;
  private final String prefix;
  private final String folder;
  private final boolean literal;
  private final Step[] steps;
  private final Tail tail;

  private Glob(String text, String prefix, boolean literal, List<Step> steps, Tail tail) {
    this.text = text;
    this.prefix = prefix;
    this.folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    this.literal = literal;
    this.steps = steps.toArray(Step[]::new);
    this.tail = tail;
  }

  /** Exactly one name, in which nothing is a wildcard. */
  static Glob exactly(String name) {
    return new Glob(name, name, true, steps(name), Tail.NOTHING);
  }

  /** Everything in a folder in whose name nothing is a wildcard. */
  static Glob folder(String name) {
    String begin = name.endsWith("/") ? name : name + "/";
    return new Glob(name, begin, true, steps(begin), Tail.INSIDE);
  }

  private static List<Step> steps(String name) {
    return name.codePoints().mapToObj(Step::of).toList();
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException when a bracket is not closed, or its set is none
   */
  static Glob of(String text, PathSyntax syntax) {
    StringBuilder prefix = new StringBuilder();
    List<Step> steps = new ArrayList<>();
    boolean literal = true;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      Step step;
      if (c == '*') {
        boolean twice = next < text.length() && text.charAt(next) == '*';
        next += twice ? 1 : 0;
        boolean begins = i == 0 || text.charAt(i - 1) == '/';
        if (twice && begins && next < text.length() && text.charAt(next) == '/') {
          next++;
          steps.add(Step.of(Kind.FOLDERS));
          step = Step.of(Kind.IN_FOLDERS);
        } else {
          step = Step.of(twice || syntax.has(Feature.STAR_CROSSES) ? Kind.ACROSS : Kind.WITHIN);
        }
      } else if (c == '?') {
        step = Step.of(Kind.ONE);
      } else if (c == '[' && syntax.has(Feature.SETS)) {
        int end = text.indexOf(']', i + 2);
        if (end < 0) {
          throw new IllegalArgumentException(
              "'" + text + "' has a [ without a ], and no file has that name");
        }
        step = set(text, text.substring(i + 1, end));
        next = end + 1;
      } else {
        if (c == '\\' && syntax.has(Feature.ESCAPES) && next < text.length()) {
          c = text.codePointAt(next);
          next += Character.charCount(c);
        }
        step = Step.of(c);
      }
      literal &= step.kind() == Kind.CHARACTER;
      if (literal) {
        prefix.appendCodePoint(c);
      }
      steps.add(step);
      i = next;
    }
    Tail tail = literal && prefix.toString().endsWith("/") ? Tail.INSIDE : Tail.BELOW;
    return new Glob(text, prefix.toString(), literal, steps, tail);
  }

  /** The same where its folder, or the whole name if it has no wildcard, is called otherwise. */
  Glob renamed(UnaryOperator<String> names) {
    if (literal) {
      String name = names.apply(prefix);
      return new Glob(text, name, true, steps(name), tail);
    }
    String other = names.apply(folder);
    List<Step> moved = new ArrayList<>(steps(other));
    moved.addAll(
        Arrays.asList(steps).subList(folder.codePointCount(0, folder.length()), steps.length));
    return new Glob(text, other + prefix.substring(folder.length()), false, moved, tail);
  }

  /** The names that fit a pattern as a whole, and none in folders below. */
  Glob withoutFolders() {
    return new Glob(text, prefix, literal, List.of(steps), Tail.NOTHING);
  }

  private static Step set(String text, String content) {
    boolean not = content.startsWith("!") || content.startsWith("^");
    int[] members = (not ? content.substring(1) : content).codePoints().toArray();
    List<Integer> ranges = new ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      boolean range = i + 2 < members.length && members[i + 1] == '-';
      int last = range ? members[i + 2] : members[i];
      if (last < members[i]) {
        throw new IllegalArgumentException(
            "'" + text + "' has a range in brackets that begins behind its end");
      }
      ranges.add(members[i]);
      ranges.add(last);
      i += range ? 2 : 0;
    }
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' has a set in brackets of nothing");
    }
    return new Step(Kind.SET, 0, ranges.stream().mapToInt(each -> each).toArray(), not);
  }

  /** As the user wrote it. */
  String text() {
    return text;
  }

  /** What every name begins with. */
  String prefix() {
    return prefix;
  }

  /** Whether there is no wildcard. */
  boolean isLiteral() {
    return literal;
  }

  /** Whether a name is meant; hidden files and those in hidden folders are only when named. */
  boolean matches(String name) {
    return fits(name) && !passesOver(name);
  }

  /** Whether a name is left out because it is hidden, or in a folder that is, and not named. */
  boolean passesOver(String name) {
    if (literal && name.equals(prefix)) {
      return false;
    }
    // What is hidden in the folder of the prefix counts as named.
    int segment = folder.length();
    while (segment < name.length()) {
      int slash = name.indexOf('/', segment);
      char first = name.charAt(segment);
      boolean named = segment < prefix.length();
      // A folder such as _day=2024-01-31 holds the rows of a value, as Spark sees it as well.
      boolean ofValue = slash > 0 && name.substring(segment, slash).indexOf('=') > 0;
      if ((first == '.' || (first == '_' && !ofValue)) && !named) {
        return true;
      }
      segment = slash < 0 ? name.length() : slash + 1;
    }
    return false;
  }

  /** Whether a name is one of the pattern, hidden or not. */
  boolean fits(String name) {
    if (!name.startsWith(prefix)) {
      return false;
    }
    int end = steps.length;
    boolean[] at = new boolean[end + 2];
    boolean[] next = new boolean[end + 2];
    at[prefix.codePointCount(0, prefix.length())] = true;
    passOver(at);
    int i = prefix.length();
    while (i < name.length()) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      boolean any = false;
      Arrays.fill(next, false);
      for (int state = 0; state < at.length; state++) {
        if (at[state]) {
          any |= move(state, c, next);
        }
      }
      if (!any) {
        return false;
      }
      passOver(next);
      boolean[] spare = at;
      at = next;
      next = spare;
    }
    return at[end] || at[end + 1];
  }

  /** Where a state goes without a character. */
  private void passOver(boolean[] at) {
    for (int state = 0; state < steps.length; state++) {
      if (at[state]) {
        switch (steps[state].kind()) {
          case WITHIN, ACROSS -> at[state + 1] = true;
          case FOLDERS -> {
            at[state + 1] = true;
            at[state + 2] = true;
          }
          default -> {}
        }
      }
    }
  }

  /** Where a state goes with a character. */
  private boolean move(int state, int c, boolean[] next) {
    int end = steps.length;
    if (state >= end) {
      boolean goes = state > end || tail == Tail.INSIDE || (tail == Tail.BELOW && c == '/');
      next[end + 1] |= goes;
      return goes;
    }
    Step step = steps[state];
    if (!step.takes(c)) {
      return false;
    }
    switch (step.kind()) {
      case WITHIN, ACROSS -> next[state] = true;
      case IN_FOLDERS -> {
        next[state] = true;
        next[state + 1] |= c == '/';
      }
      default -> next[state + 1] = true;
    }
    return true;
  }

  /**
   * Whether a name is thinkable that both take, hidden or not. Two sets of characters are taken to
   * have one in common.
   */
  boolean meets(Glob other) {
    int width = other.steps.length + 2;
    boolean[] seen = new boolean[(steps.length + 2) * width];
    Deque<Integer> open = new ArrayDeque<>();
    add(0, 0, other, seen, open);
    while (!open.isEmpty()) {
      int pair = open.pop();
      int mine = pair / width;
      int theirs = pair % width;
      if (mine >= steps.length && theirs >= other.steps.length) {
        return true;
      }
      for (int c : witnesses(mine, other, theirs)) {
        boolean[] here = new boolean[steps.length + 2];
        boolean[] there = new boolean[width];
        if (move(mine, c, here) && other.move(theirs, c, there)) {
          for (int i = 0; i < here.length; i++) {
            for (int j = 0; here[i] && j < width; j++) {
              if (there[j]) {
                add(i, j, other, seen, open);
              }
            }
          }
        }
      }
    }
    return false;
  }

  private void add(int mine, int theirs, Glob other, boolean[] seen, Deque<Integer> open) {
    boolean[] here = new boolean[steps.length + 2];
    boolean[] there = new boolean[other.steps.length + 2];
    here[mine] = true;
    there[theirs] = true;
    passOver(here);
    other.passOver(there);
    for (int i = 0; i < here.length; i++) {
      for (int j = 0; here[i] && j < there.length; j++) {
        int pair = i * there.length + j;
        if (there[j] && !seen[pair]) {
          seen[pair] = true;
          open.push(pair);
        }
      }
    }
  }

  /** Characters of which one is taken by both where any is. */
  private int[] witnesses(int mine, Glob other, int theirs) {
    List<Integer> some = new ArrayList<>(List.of((int) '/', 0xfffd));
    for (Step step :
        new Step[] {
          mine < steps.length ? steps[mine] : Step.of('/'),
          theirs < other.steps.length ? other.steps[theirs] : Step.of('/')
        }) {
      some.add(step.character());
      for (int each : step.ranges()) {
        some.add(each);
        some.add(each + 1);
      }
    }
    return some.stream().mapToInt(each -> each).toArray();
  }

  @Override
  public String toString() {
    return text;
  }
}
