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

  Manifest {
    files = List.copyOf(files);
    removed = List.copyOf(removed);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder();
    for (StagedFile file : files) {
      text.append(Lines.line("file", file.name(), file.size(), file.token()));
    }
    for (String name : removed) {
      text.append(Lines.line("remove", name));
    }
    // Its end shows that it is whole, and that a manifest of nothing is one.
    return Lines.bytes(text.append(Lines.end()));
  }

  static Manifest of(byte[] content) {
    List<StagedFile> files = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (List<String> line : Lines.whole(content)) {
      if (line.get(0).equals("file")) {
        files.add(new StagedFile(line.get(1), Long.parseLong(line.get(2)), line.get(3)));
      } else if (line.get(0).equals("remove")) {
        removed.add(line.get(1));
      }
    }
    return new Manifest(files, removed);
  }
}
