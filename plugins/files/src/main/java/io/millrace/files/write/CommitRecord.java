package io.millrace.files.write;

import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.files.store.StagedFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What makes a split committed: its tally, and the files that will be visible.
 *
 * @param commit what the engine is told
 * @param group the split that this one is a part of, whose files are put together by publishing;
 *     empty where it is a whole one, where files cannot be put together, and where all of them are
 * @param files in the order they were written
 */
record CommitRecord(SplitCommit commit, String group, List<StagedFile> files) {

  /** Words of the first line before there were groups. */
  private static final int WITHOUT_GROUP = 6;

  CommitRecord {
    files = List.copyOf(files);
  }

  byte[] bytes() {
    SplitTally tally = commit.tally();
    StringBuilder text = new StringBuilder();
    text.append(
        Lines.line(
            commit.splitId(),
            tally.read(),
            tally.written(),
            tally.dirty(),
            tally.bytes(),
            tally.dirtySeal(),
            group));
    for (StagedFile file : files) {
      text.append(Lines.line(file.name(), file.size(), file.token()));
    }
    return Lines.bytes(text.append(Lines.end()));
  }

  /**
   * Reads one back.
   *
   * @throws io.millrace.api.error.MillraceException when it is cut off, or is none
   */
  static CommitRecord of(byte[] content) {
    return Lines.read(content, CommitRecord::of);
  }

  private static CommitRecord of(List<List<String>> lines) {
    List<String> head = lines.get(0);
    SplitTally tally =
        new SplitTally(
            Long.parseLong(head.get(1)),
            Long.parseLong(head.get(2)),
            Long.parseLong(head.get(3)),
            Long.parseLong(head.get(4)),
            head.get(5));
    List<StagedFile> files = new ArrayList<>();
    for (List<String> line : lines.subList(1, lines.size())) {
      files.add(new StagedFile(line.get(0), Long.parseLong(line.get(1)), line.get(2)));
    }
    String group = head.size() > WITHOUT_GROUP ? head.get(WITHOUT_GROUP) : "";
    return new CommitRecord(new SplitCommit(head.get(0), tally), group, files);
  }
}
