package io.millrace.files.write;

import io.millrace.files.store.StorePlace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a reader has to know of a target to see whether it reads what is written, as text and back.
 *
 * @param place the store
 * @param target where in it, by the one name that its folder has
 * @param truncates whether files that are there are removed
 * @param single whether everything becomes one file whose name is the target's prefix
 * @param suffix what names end in
 */
public record TargetMark(
    StorePlace place, Target target, boolean truncates, boolean single, String suffix) {

  private static final String KIND = "files:";
  private static final String ANY_TAG = "????????????????";
  private static final String A_TAG = "0123456789abcdef";

  String text() {
    Object[] partitions = target.partitions().toArray();
    return KIND
        + Lines.line(place.where(), place.name())
        + Lines.line(target.folder(), target.base(), target.deep())
        + Lines.line(truncates, single, suffix)
        + Lines.line(partitions);
  }

  /** What a writer of files has marked; empty for any other kind of system. */
  public static Optional<TargetMark> of(String mark) {
    if (!mark.startsWith(KIND)) {
      return Optional.empty();
    }
    List<List<String>> lines =
        Lines.parse(mark.substring(KIND.length()).getBytes(StandardCharsets.UTF_8));
    StorePlace place = new StorePlace(lines.get(0).get(0), lines.get(0).get(1));
    List<String> names = lines.get(1);
    List<String> rest = lines.get(2);
    Target target =
        new Target(
            names.get(0),
            names.get(1),
            Boolean.parseBoolean(names.get(2)),
            lines.size() > 3 ? lines.get(3) : List.of());
    return Optional.of(
        new TargetMark(
            place,
            target,
            Boolean.parseBoolean(rest.get(0)),
            Boolean.parseBoolean(rest.get(1)),
            rest.get(2)));
  }

  /** A name that a file may have which is written. */
  public String sample() {
    StringBuilder name = new StringBuilder(target.folder());
    target.partitions().forEach(column -> name.append(column).append("=x/"));
    return name.append(fileName(target.base(), A_TAG, "000000", suffix)).toString();
  }

  /**
   * What every such name fits: a pattern in which {@code *}, {@code ?} and a backslash mean what
   * they mean in the short form.
   *
   * @param values whether the partitions may have any value, or that of the sample
   */
  public String pattern(boolean values) {
    StringBuilder name = new StringBuilder(quoted(target.folder()));
    target
        .partitions()
        .forEach(column -> name.append(quoted(column)).append(values ? "=*/" : "=x/"));
    return name.append(fileName(quoted(target.base()), ANY_TAG, "*", quoted(suffix))).toString();
  }

  private String fileName(String base, String tag, String split, String ending) {
    return single ? base : base + (base.isEmpty() ? "" : "__") + tag + "_" + split + ending;
  }

  private static String quoted(String text) {
    return text.replaceAll("[*?\\[\\\\]", "\\\\$0");
  }
}
