package io.millrace.files.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.List;

/**
 * Where output goes.
 *
 * @param folder ends in {@code /}, or is empty for the top of a bucket
 * @param base what the names of files in it begin with; may be empty
 * @param deep whether the prefix stands for everything below it, as in object stores; otherwise
 *     only for files in the folder itself
 * @param partitions columns whose values become folders below the folder, in order
 */
public record Target(String folder, String base, boolean deep, List<String> partitions) {

  /** The hidden folder beside the output, in which instances keep what nobody else should see. */
  static final String HIDDEN = ".millrace/";

  public Target {
    partitions = List.copyOf(partitions);
  }

  /** A target without partitions. */
  public static Target of(String folder, String base, boolean deep) {
    return new Target(folder, base, deep, List.of());
  }

  Target withPartitions(List<String> columns) {
    return new Target(folder, base, deep, columns);
  }

  /** What the names of all files of the target begin with. */
  public String prefix() {
    return partitions.isEmpty() ? folder + base : folder;
  }

  /** Whether it names nothing, so that every file of its store would be meant. */
  boolean isEverything() {
    return (folder + base).replace("/", "").isBlank();
  }

  /** Where the instances keep their areas. */
  String areas() {
    return folder + HIDDEN;
  }

  /** Where one instance keeps its control records and what it has staged. */
  String area(String instance, int generation) {
    String id = instance + "-" + generation;
    String area = areas() + id + "/";
    // All of it is removed in the end.
    if (instance.isBlank() || !isArea(area)) {
      throw new MillraceException(
          StandardError.INTERNAL,
          "'" + instance + "' names no instance: the state of the run was changed; start anew");
    }
    return area;
  }

  /** Whether a folder is the area of one instance, and not of all or of a part of one. */
  boolean isArea(String name) {
    if (!name.startsWith(areas()) || !name.endsWith("/") || name.length() < areas().length() + 2) {
      return false;
    }
    String id = name.substring(areas().length(), name.length() - 1);
    return id.indexOf('/') < 0 && !id.equals(".") && !id.equals("..");
  }

  /** Whether a file is one that truncate removes and nonConflict minds. */
  public boolean covers(String name) {
    // Also where the prefix itself begins like the hidden folder.
    if (!name.startsWith(prefix()) || name.startsWith(areas())) {
      return false;
    }
    String rest = name.substring(folder.length());
    String[] segments = rest.split("/", -1);
    String file = segments[segments.length - 1];
    if (!partitions.isEmpty()) {
      return isPartition(segments) && file.startsWith(base) && !isHidden(file, base.isEmpty());
    }
    if (!deep && segments.length > 1) {
      return false;
    }
    for (int i = 0; i < segments.length; i++) {
      // The first one begins with what the task names itself.
      if (isHidden(segments[i], i > 0 || base.isEmpty())) {
        return false;
      }
    }
    return true;
  }

  private boolean isPartition(String[] segments) {
    if (segments.length != partitions.size() + 1) {
      return false;
    }
    for (int i = 0; i < partitions.size(); i++) {
      if (!segments[i].startsWith(partitions.get(i) + "=")) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHidden(String segment, boolean notNamed) {
    return notNamed && (segment.startsWith(".") || segment.startsWith("_"));
  }
}
