package io.millrace.files.write;

import io.millrace.api.StageContext;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StagedNames;
import io.millrace.files.store.StoredFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What instances of the same task left beside the same target: those that were killed and neither
 * resumed nor given up.
 *
 * @param single whether all they write is one file, named as the target
 */
record Leftovers(FileStore store, Target target, boolean single, StageContext context) {

  private static final String OWNER = "owner";

  /** Notes whose an area is, and since when. */
  void own(String area) {
    String line =
        Lines.line(context.task().taskName(), target.prefix(), context.task().clock().millis());
    store.put(area + OWNER, line.getBytes(StandardCharsets.UTF_8), context.cancellation());
  }

  /**
   * Removes areas of this task that were claimed last before a moment, with the uploads that belong
   * to them.
   *
   * @param but an area that stays; may be empty
   * @return how many
   */
  int sweep(Instant before, String but) {
    int swept = 0;
    for (String area : left(before)) {
      if (!area.equals(but)) {
        String id = id(area);
        String tag = single ? "" : Prepared.tag(id);
        StagedNames left = new StagedNames(target.prefix(), tag, before);
        store.sweep(area, left, context.cancellation());
        context.log().info("removed what instance " + id + " had left in " + store.describe(area));
        swept++;
      }
    }
    return swept;
  }

  /** A line for each area that {@link #sweep} would remove. Removes nothing. */
  List<String> show(Instant before) {
    return left(before).stream()
        .map(area -> "instance " + id(area) + ": " + store.describe(area))
        .toList();
  }

  private String id(String area) {
    return area.substring(target.areas().length(), area.length() - 1);
  }

  private List<String> left(Instant before) {
    List<String> left = new ArrayList<>();
    for (Map.Entry<String, byte[]> owner : owners().entrySet()) {
      String area = owner.getKey();
      List<String> words = words(owner.getValue());
      if (!target.isArea(area) || words.size() < 3 || !words.get(2).matches("[0-9]{1,18}")) {
        continue; // not of ours, whoever put it there
      }
      boolean ours =
          words.get(0).equals(context.task().taskName()) && words.get(1).equals(target.prefix());
      if (ours && Long.parseLong(words.get(2)) < before.toEpochMilli()) {
        left.add(area);
      }
    }
    return left;
  }

  /** Those of the first line; none when it is no record. */
  private static List<String> words(byte[] content) {
    try {
      List<List<String>> lines = Lines.parse(content);
      return lines.isEmpty() ? List.of() : lines.get(0);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return List.of();
    }
  }

  private Map<String, byte[]> owners() {
    Map<String, byte[]> owners = new TreeMap<>();
    Iterator<StoredFile> files = store.list(target.areas(), context.cancellation());
    while (files.hasNext()) {
      String name = files.next().name();
      if (name.endsWith("/" + OWNER)) {
        store
            .get(name, context.cancellation())
            .ifPresent(
                content -> owners.put(name.substring(0, name.length() - OWNER.length()), content));
      }
    }
    return owners;
  }
}
