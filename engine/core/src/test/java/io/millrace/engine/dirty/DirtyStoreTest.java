package io.millrace.engine.dirty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskForm;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.engine.task.DirtyLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtyStoreTest {

  @TempDir Path directory;
  private final DirtyGate gate = new DirtyGate(DirtyLimit.UNLIMITED, TaskForm.OWN);

  private DirtyStore store() {
    return new DirtyStore(directory.resolve("dirty"), 1, gate, (type, reason, line) -> {}, true);
  }

  private static void add(DirtySplit split) {
    split
        .reader()
        .add(3, List.of(new RawValue("int", 2, "x"), new RawValue("text", 0, null)), reason());
  }

  private static Reason reason() {
    return new Reason("E1", "not a \"number\"", null);
  }

  @Test
  void theLimitIsCalledWhatTheTasksOwnDocumentCallsIt() {
    for (TaskForm form : TaskForm.values()) {
      String setting = form == TaskForm.OWN ? "(setting dirty)" : "(setting errorLimit)";
      DirtyGate shares = new DirtyGate(new DirtyLimit(10, 0.5), form);
      shares.addCommitted(9);
      assertThatThrownBy(() -> shares.checkShare(10)).hasMessageContaining(setting);
      assertThatThrownBy(() -> shares.addCommitted(2)).hasMessageContaining(setting);
      DirtyGate unstated = new DirtyGate(DirtyLimit.UNSTATED, form);
      unstated.addCommitted(2);
      assertThatThrownBy(() -> unstated.checkLeft(2)).hasMessageContaining(setting);
    }
  }

  @Test
  void theRecordThatCrossesTheLimitSaysWhyItIsDirty() {
    DirtyGate strict = new DirtyGate(DirtyLimit.ofRecords(0), TaskForm.OWN);
    DirtyStore store =
        new DirtyStore(directory.resolve("dirty"), 1, strict, (type, reason, line) -> {}, true);
    try (DirtySplit split = store.begin("s1", "1-1")) {
      assertThatThrownBy(() -> add(split))
          .hasMessageContaining("1 dirty")
          .hasMessageContaining("tolerates 0; the last: not a \"number\"; see the reasons");
    }
    try (DirtySplit split = store.begin("s2", "1-1")) {
      Reason named = new Reason("E2", "too long " + "x".repeat(1000) + "\nnext line", "name");
      assertThatThrownBy(() -> split.reader().add(4, List.of(), named))
          .hasMessageContaining("the last: name: too long xxx")
          .hasMessageContaining("xxx…; see the reasons")
          .message()
          .hasSizeLessThan(600)
          .doesNotContain("\n");
    }
  }

  @Test
  void aReasonKeepsItsMarksOnAServerAndAValueItsCharactersEverywhere() throws Exception {
    for (boolean keepsMarks : new boolean[] {true, false}) {
      Path dirty = directory.resolve("dirty-" + keepsMarks);
      DirtyGate gate = new DirtyGate(DirtyLimit.UNLIMITED, TaskForm.OWN);
      DirtyStore store = new DirtyStore(dirty, 1, gate, (type, reason, line) -> {}, keepsMarks);
      DirtySplit split = store.begin("s1", "1-1");
      split
          .reader()
          .add(
              1,
              List.of(new RawValue("text", 3, "a\u2068b\u2069")),
              new Reason("E1", "'" + Sensitive.mark("ab") + "' is bad", "name"));
      split.seal();
      String line = Files.readString(dirty.resolve("s1.1-1.jsonl"));
      assertThat(Sensitive.isMarked(line)).isEqualTo(keepsMarks);
      assertThat(Sensitive.plain(line))
          .contains("\"exception\":\"'ab' is bad\"", "\"rawData\":\"a\\u2068b\\u2069\"");
    }
  }

  @Test
  void nothingIsWrittenWithoutADirtyRecord() {
    DirtySplit split = store().begin("s1", "1-1");
    assertThat(split.seal()).isEmpty();
    assertThat(directory.resolve("dirty")).doesNotExist();
  }

  @Test
  void aSealedFileIsKeptAndAllOthersAreRemoved() throws IOException {
    DirtySplit sealed = store().begin("s1", "1-1");
    add(sealed);
    String seal = sealed.seal();
    DirtySplit open = store().begin("s2", "1-1");
    add(open);
    open.close();
    DirtySplit failed = store().begin("s3", "1-1");
    add(failed);
    failed.keepUncommitted();
    store().keepOnly(List.of(seal, ""));
    try (var files = Files.list(directory.resolve("dirty"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("s1.1-1.jsonl");
    }
    assertThat(directory.resolve("dirty/s1.1-1.jsonl"))
        .content()
        .isEqualTo(
            "{\"split\":\"s1\",\"position\":3,\"type\":\"reader\",\"code\":\"E1\",\"exception\":"
                + "\"not a \\\"number\\\"\",\"column\":null,\"record\":[{\"index\":0,\"type\":"
                + "\"int\",\"byteSize\":2,\"rawData\":\"x\"},{\"index\":1,\"type\":\"text\","
                + "\"byteSize\":0,\"rawData\":null}]}\n");
  }

  @Test
  void theFilesOfANewerAttemptAreLeftAlone() {
    DirtySplit newer = store().begin("s1", "2-1");
    add(newer);
    newer.seal();
    store().keepOnly(List.of());
    assertThat(directory.resolve("dirty/s1.2-1.jsonl")).exists();
  }

  @Test
  void aSealedFileThatWasChangedOrLostIsNotPassedOver() throws IOException {
    DirtySplit split = store().begin("s1", "1-1");
    add(split);
    String seal = split.seal();
    Path file = directory.resolve("dirty/s1.1-1.jsonl");
    Files.writeString(file, "x", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> store().keepOnly(List.of(seal)))
        .hasMessageContaining("missing or were changed");
    Files.delete(file);
    assertThatThrownBy(() -> store().keepOnly(List.of(seal)))
        .hasMessageContaining("missing or were changed");
  }

  @Test
  void aSealThatLeavesTheDirectoryIsRefused() {
    assertThatThrownBy(() -> store().keepOnly(List.of("../../etc/passwd 00")))
        .hasMessageContaining("bad seal");
  }

  @Test
  void aDiscardedTryIsNotCountedAny() {
    DirtySplit split = store().begin("s1", "1-1");
    add(split);
    assertThat(gate.count()).isEqualTo(1);
    assertThat(gate.bytes()).isEqualTo(2);
    split.discard();
    assertThat(gate.count()).isZero();
    assertThat(gate.bytes()).isZero();
    assertThat(directory.resolve("dirty")).isEmptyDirectory();
  }

  @Test
  void aRecordAfterTheSealIsAnError() {
    DirtySplit split = store().begin("s1", "1-1");
    split.seal();
    assertThatThrownBy(() -> add(split)).hasMessageContaining("came after its end");
  }

  @Test
  void bytesInATextThatAreNoTextAreKeptAsBytes() throws IOException {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("s", ColumnType.STRING)), 1 << 10, 2);
    batch.bytes(0).append(new byte[] {(byte) 0x81, 0x5c}, 0, 2);
    batch.endRecord(0);
    try (DirtySplit split = store().begin("s1", "1-1")) {
      split.writer().add(batch, 0, reason());
      split.seal();
    }
    assertThat(directory.resolve("dirty/s1.1-1.jsonl"))
        .content()
        .contains("\"byteSize\":2,\"rawData\":\"gVw=\",\"kept\":\"BASE64\"");
  }
}
