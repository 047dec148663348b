package io.millrace.files.write;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.files.store.StagedFile;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void aControlRecordThatIsCutOffAnywhereIsRefused() {
    List<StagedFile> files = List.of(new StagedFile("a", 1, "x"), new StagedFile("b", 2, "y"));
    SplitCommit commit = new SplitCommit("s", new SplitTally(1, 1, 0, 1, ""));
    byte[] record = new CommitRecord(commit, "", files).bytes();
    byte[] manifest = new Manifest(files, List.of("old")).bytes();
    // Without the last end of a line it still holds every word.
    for (int end = 0; end < record.length - 1; end++) {
      byte[] cut = Arrays.copyOf(record, end);
      assertThatThrownBy(() -> CommitRecord.of(cut)).hasMessageContaining("cut off");
    }
    for (int end = 0; end < manifest.length - 1; end++) {
      byte[] cut = Arrays.copyOf(manifest, end);
      assertThatThrownBy(() -> Manifest.of(cut)).hasMessageContaining("cut off");
    }
  }
}
