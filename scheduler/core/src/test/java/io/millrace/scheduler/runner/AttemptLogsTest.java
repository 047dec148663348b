package io.millrace.scheduler.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptLogsTest {

  @TempDir Path runs;

  private AttemptLogs logs() {
    return new AttemptLogs(new RunDirectories(runs));
  }

  private Path file(LogFile file) {
    return new RunDirectories(runs).reserve(7, 2, 3).resolve(file.fileName());
  }

  @Test
  void aLogThatIsNotHereIsEmpty() {
    assertThat(logs().view(7, 3, LogFile.RUN)).isEmpty();
    file(LogFile.RUN);
    assertThat(logs().view(7, 3, LogFile.RUN)).isEmpty();
    assertThat(logs().download(7, 3, LogFile.SPLIT)).isEmpty();
    assertThat(logs().follow(7, 3, LogFile.SPLIT, 0)).isEmpty();
  }

  @Test
  void aShortLogIsShownWhole() throws IOException {
    Files.writeString(file(LogFile.SPLIT), "a\nü\n");
    assertThat(logs().view(7, 3, LogFile.SPLIT)).contains(new AttemptLogs.View("a\nü\n", 5, false));
  }

  @Test
  void aLongLogIsTrimmedBetweenLinesButDownloadsWhole() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() <= AttemptLogs.SHOWN_BYTES * 2; i++) {
      text.append("line ").append(i).append(" of the log\n");
    }
    Files.writeString(file(LogFile.RUN), text);

    AttemptLogs.View view = logs().view(7, 3, LogFile.RUN).orElseThrow();
    assertThat(view.trimmed()).isTrue();
    assertThat(view.bytes()).isEqualTo(text.length());
    assertThat(view.text().length()).isLessThan(AttemptLogs.SHOWN_BYTES + 200);
    assertThat(view.text()).startsWith("line 0 of").endsWith(" of the log\n");
    assertThat(view.text().lines().filter(line -> !line.matches("line \\d+ of the log")))
        .singleElement()
        .asString()
        .matches("\\.\\.\\. \\d+ of " + text.length() + " bytes are left out here; .*");

    try (var content = logs().download(7, 3, LogFile.RUN).orElseThrow().content()) {
      assertThat(content.readAllBytes()).hasSize(text.length());
    }
  }

  @Test
  void aDownloadHasTheLengthThatWasPromisedThoughTheLogGrows() throws IOException {
    Path file = file(LogFile.RUN);
    Files.writeString(file, "one\n");
    try (var content = logs().download(7, 3, LogFile.RUN).orElseThrow().content()) {
      Files.writeString(file, "two\n", StandardOpenOption.APPEND);
      assertThat(content.readAllBytes()).asString().isEqualTo("one\n");
    }
  }

  @Test
  void aGrowingLogIsFollowedLineByLine() throws IOException {
    Path file = file(LogFile.RUN);
    Files.writeString(file, "one\ntw");
    AttemptLogs.Chunk first = logs().follow(7, 3, LogFile.RUN, 0).orElseThrow();
    assertThat(first).isEqualTo(new AttemptLogs.Chunk("one\n", 4));
    assertThat(logs().follow(7, 3, LogFile.RUN, 4)).contains(new AttemptLogs.Chunk("", 4));
    Files.writeString(file, "o\n", StandardOpenOption.APPEND);
    assertThat(logs().follow(7, 3, LogFile.RUN, 4)).contains(new AttemptLogs.Chunk("two\n", 8));
    assertThat(logs().follow(7, 3, LogFile.RUN, 99)).contains(new AttemptLogs.Chunk("", 8));
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path secret = Files.writeString(runs.resolve("secret"), "x\n");
    Files.createSymbolicLink(file(LogFile.RUN), secret);
    assertThat(logs().view(7, 3, LogFile.RUN)).isEmpty();

    Path dirty = Files.createDirectories(file(LogFile.RUN).resolveSibling("../dirty").normalize());
    Files.createSymbolicLink(dirty.resolve("1.1-1.jsonl"), secret);
    assertThat(new DirtyRecordFiles(new RunDirectories(runs)).page(7, 3, null, 10).records())
        .isEmpty();
  }

  @Test
  void aLongDirtyRecordIsCutAndAnUnfinishedOneWaits() throws IOException {
    Path dirty = Files.createDirectories(file(LogFile.RUN).resolveSibling("../dirty").normalize());
    String big = "x".repeat(DirtyRecordFiles.RECORD_BYTES + 1);
    Files.writeString(dirty.resolve("1.10-1.jsonl"), big + "\n{}\n");
    Files.writeString(dirty.resolve("2.10-1.jsonl.open"), "{\"a\":1}\n{\"b\"");
    Files.writeString(dirty.resolve("3.10-1.uncommitted.jsonl"), "{\"c\":1}\n");

    var page = new DirtyRecordFiles(new RunDirectories(runs)).page(7, 3, null, 10);
    assertThat(page.next()).isNull();
    assertThat(page.records())
        .containsExactly(
            new DirtyRecordFiles.DirtyLine(
                big.substring(0, DirtyRecordFiles.RECORD_BYTES), true, true),
            new DirtyRecordFiles.DirtyLine("{}", false, true),
            new DirtyRecordFiles.DirtyLine("{\"a\":1}", false, false),
            new DirtyRecordFiles.DirtyLine("{\"c\":1}", false, false));
  }

  @Test
  void aCursorNamesNoFileOfItsOwnChoice() throws IOException {
    file(LogFile.RUN);
    Files.writeString(runs.resolve("7/g2/secret.1-1.jsonl"), "x\n");
    DirtyRecordFiles files = new DirtyRecordFiles(new RunDirectories(runs));
    assertThat(files.page(7, 3, "0:../secret.1-1", 10).records()).isEmpty();
    assertThatThrownBy(() -> files.page(7, 3, "../secret", 10)).hasMessageContaining("cursor");
  }
}
