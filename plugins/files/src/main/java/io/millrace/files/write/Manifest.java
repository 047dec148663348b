package io.millrace.files.write;

import io.millrace.files.store.StagedFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What publishing does, decided before it begins, so that whoever goes on does the same.
 *
 * @param files to complete
 * @param removed names to remove afterwards
 */
record Manifest(List<StagedFile> files, List<String> removed) {

  /** One without a version is of this one. */
  private static final String VERSION = "1";

  Manifest {
    files = List.copyOf(files);
    removed = List.copyOf(removed);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(Lines.line("version", VERSION));
    for (StagedFile file : files) {
      text.append(Lines.line("file", file.name(), file.size(), file.token()));
    }
    for (String name : removed) {
      text.append(Lines.line("remove", name));
    }
    // Its end shows that it is whole, and that a manifest of nothing is one.
    return Lines.bytes(text.append(Lines.end()));
  }

  /**
   * Reads one back.
   *
   * @throws io.millrace.api.error.MillraceException when it is cut off, changed or of another
   *     version
   */
  static Manifest of(byte[] content) {
    return Lines.read(content, Manifest::of);
  }

  private static Manifest of(List<List<String>> lines) {
    List<StagedFile> files = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (List<String> line : lines) {
      switch (line.get(0)) {
        case "file" ->
            files.add(new StagedFile(line.get(1), Long.parseLong(line.get(2)), line.get(3)));
        case "remove" -> removed.add(line.get(1));
        case "version" -> Lines.require(line.get(1).equals(VERSION));
        default -> Lines.require(false);
      }
    }
    return new Manifest(files, removed);
  }
}
