package io.millrace.scheduler.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySignaturesTest {

  @TempDir private Path directory;

  @Test
  void aSignatureIsKnownByWhoHasTheSameFileAlsoWhileKeysAreChanged() throws IOException {
    KeyFile mine = KeyFile.open(directory.resolve("mine"));
    Path copy = directory.resolve("copy");
    Files.copy(mine.file(), copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    KeySignatures other = new KeySignatures(KeyFile.open(copy));
    KeySignatures own = new KeySignatures(mine);
    String signature = own.sign("text");
    assertThat(other.isSigned("text", signature)).isTrue();
    assertThat(other.isSigned("other text", signature)).isFalse();
    assertThat(other.isSigned("text", signature.replace('.', 'x'))).isFalse();
    assertThat(other.isSigned("text", "00000000" + signature.substring(8))).isFalse();
    mine.addKey();
    assertThat(own.isSigned("text", other.sign("text"))).as("by the old key").isTrue();
    assertThat(own.prints()).hasSize(2).containsAll(other.prints());
    mine.dropOldKeys();
    assertThat(own.isSigned("text", other.sign("text"))).isFalse();
    assertThat(own.prints()).doesNotContainAnyElementsOf(other.prints());
  }

  @Test
  void neitherPrintsNorSignaturesTellTheKey() throws IOException {
    KeyFile file = KeyFile.open(directory.resolve("keys"));
    KeySignatures keys = new KeySignatures(file);
    String key = Files.readAllLines(file.file()).get(1).split(" ")[1];
    assertThat(keys.sign("x") + keys.prints()).doesNotContain(key.substring(0, 8));
  }
}
