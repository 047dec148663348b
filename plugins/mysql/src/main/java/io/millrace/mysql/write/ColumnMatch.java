package io.millrace.mysql.write;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.mysql.type.MySqlColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which column of the source goes into which column of the target: by order where a side lists its
 * columns, by name where both say {@code *} and both know names.
 *
 * @param pairs the columns that are written
 * @param warnings what the user has to know of it, one line each
 */
record ColumnMatch(List<Pair> pairs, List<String> warnings) {

  ColumnMatch {
    pairs = List.copyOf(pairs);
    warnings = List.copyOf(warnings);
  }

  /**
   * A column that is written.
   *
   * @param source the index of the source's column
   */
  record Pair(int source, TargetColumn target) {}

  /**
   * Matches a source's columns.
   *
   * @throws MillraceException with {@link io.millrace.api.error.StandardError#CONFIGURATION} when
   *     they do not go together
   */
  static ColumnMatch of(Target target, Schema source, TaskContext.Rules rules) {
    Target.Rest rest = target.rest();
    Schema.Star star = source.star();
    if (rest == null || star == null) {
      return byOrder(target, source, List.of());
    }
    Set<String> wanted = keys(target.columns().stream().map(TargetColumn::name).toList());
    Set<String> given = keys(names(source));
    Set<String> computed = keys(rest.generated().stream().map(MySqlColumn::name).toList());
    Set<String> invisible = keys(rest.invisible().stream().map(MySqlColumn::name).toList());
    Set<String> computedAtSource = keys(star.generated());
    Set<String> hiddenAtSource = keys(star.hidden());
    boolean same =
        given.stream()
                .allMatch(
                    name ->
                        wanted.contains(name)
                            || computed.contains(name)
                            || invisible.contains(name)
                            || computedAtSource.contains(name))
            && wanted.stream()
                .allMatch(name -> given.contains(name) || hiddenAtSource.contains(name));
    if (same) {
      return byName(target, source, computed, invisible);
    }
    boolean plain =
        computed.isEmpty()
            && invisible.isEmpty()
            && computedAtSource.isEmpty()
            && hiddenAtSource.isEmpty();
    if (rules.isForeign() && plain && source.size() == target.columns().size()) {
      String pairs =
          IntStream.range(0, source.size())
              .mapToObj(
                  i ->
                      Sensitive.name(source.field(i).name())
                          + " -> "
                          + target.columns().get(i).name())
              .collect(Collectors.joining(", "));
      return byOrder(
          target,
          source,
          List.of(
              "the names of the source's and the target's columns differ, so they go by their"
                  + " order, as in DataX: "
                  + pairs));
    }
    throw Target.wrong(
        "column '*' stands for other names at the source ("
            + Sensitive.names(names(source))
            + also("; not in its *: ", star.hidden())
            + ") than in table "
            + target.name()
            + " ("
            + target.columns().stream().map(TargetColumn::name).collect(Collectors.joining(", "))
            + also(
                "; computed by the server: ",
                rest.generated().stream().map(MySqlColumn::name).toList())
            + also("; invisible: ", rest.invisible().stream().map(MySqlColumn::name).toList())
            + "); list the columns at both ends, in the same order");
  }

  private static String also(String what, List<String> names) {
    return names.isEmpty() ? "" : what + Sensitive.names(names);
  }

  private static ColumnMatch byOrder(Target target, Schema source, List<String> warnings) {
    List<TargetColumn> columns = target.columns();
    if (source.size() != columns.size()) {
      throw Target.wrong(
          "the source has "
              + Counted.of(source.size(), "column", "columns")
              + " and table "
              + target.name()
              + " takes "
              + columns.size()
              + " ("
              + columns.stream().map(TargetColumn::name).collect(Collectors.joining(", "))
              + "); columns go by their order, so make the numbers equal");
    }
    return new ColumnMatch(
        IntStream.range(0, columns.size()).mapToObj(i -> new Pair(i, columns.get(i))).toList(),
        warnings);
  }

  private static ColumnMatch byName(
      Target target, Schema source, Set<String> computed, Set<String> invisible) {
    List<Pair> pairs = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Set<String> given = keys(names(source));
    for (int i = 0; i < source.size(); i++) {
      Field field = source.field(i);
      String key = key(field.name());
      TargetColumn found =
          target.columns().stream()
              .filter(column -> key(column.name()).equals(key))
              .findFirst()
              .orElse(null);
      if (found != null) {
        pairs.add(new Pair(i, found));
      } else {
        String why =
            computed.contains(key)
                ? ", whose value the target's server computes"
                : invisible.contains(key)
                    ? ", which is invisible in the target"
                    : ", which the source computes and the target does not have";
        warnings.add("left out: column '" + Sensitive.name(field.name()) + "'" + why);
      }
    }
    for (TargetColumn column : target.columns()) {
      if (!given.contains(key(column.name()))) {
        if (!column.column().hasDefault()) {
          throw Target.wrong(
              "table "
                  + target.name()
                  + " wants a value for "
                  + column.name()
                  + ", which the source's * does not hold because it is invisible there; list the"
                  + " columns at both ends");
        }
        warnings.add(
            "left out: column '"
                + column.name()
                + "', which the source's * does not hold; the target gives it its default");
      }
    }
    if (pairs.isEmpty()) {
      throw Target.wrong(
          "no column of the source can be written to table "
              + target.name()
              + "; list the columns at both ends");
    }
    return new ColumnMatch(pairs, warnings);
  }

  /**
   * The columns that take the source's, in the source's order; a column of the source that is left
   * out stands for itself, without a type of the target's own.
   */
  Schema answer(Schema source) {
    List<Field> fields = new ArrayList<>();
    source.fields().forEach(field -> fields.add(field.withNativeType(null)));
    pairs.forEach(pair -> fields.set(pair.source(), pair.target().field()));
    return new Schema(fields);
  }

  private static List<String> names(Schema schema) {
    return schema.fields().stream().map(Field::name).toList();
  }

  private static Set<String> keys(List<String> names) {
    return names.stream().map(ColumnMatch::key).collect(Collectors.toSet());
  }

  /** Names of columns have no case. */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
