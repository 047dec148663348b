package io.millrace.scheduler.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("conf").resolve("millrace.key");
  }

  @Test
  void firstStartCreatesItForItsOwnerOnly() throws Exception {
    KeyFile keys = KeyFile.open(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(KeyFile.open(file).currentId()).isEqualTo(keys.currentId());
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx-----x"})
  void widerPermissionsAreRefusedInOneLine(String permissions) throws Exception {
    KeyFile.open(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> KeyFile.open(file))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            file
                + ": the key file is open to others than its owner ("
                + permissions
                + "): chmod 600 it, and rotate the keys if somebody may have read it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# only a comment\n", "01020304 AAAA\n", "01020304 !!!\n", "x\n"})
  void damagedFilesAreRefusedAndNeverReplaced(String content) throws Exception {
    KeyFile.open(file);
    Files.writeString(file, content);

    assertThatThrownBy(() -> KeyFile.open(file)).hasMessageContaining("put your copy back");
    assertThat(file).hasContent(content);
  }

  @Test
  void rotationKeepsTheOldKeyUntilItIsDropped() {
    KeyFile keys = KeyFile.open(file);
    String old = keys.currentId();
    KeyFile other = KeyFile.open(file);

    keys.addKey();

    assertThat(keys.currentId()).isNotEqualTo(old);
    assertThat(keys.key(old)).isPresent();
    assertThat(other.key(keys.currentId())).as("another process sees it").isPresent();
    keys.dropOldKeys();
    assertThat(keys.key(old)).isEmpty();
    assertThat(List.of(KeyFile.open(file).size(), keys.size())).containsExactly(1, 1);
  }

  @Test
  void aLinkToTheFileStaysALinkAndADeviceStaysADevice(@TempDir Path folder) throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("keys"));
    KeyFile keys = KeyFile.open(link);
    keys.addKey();
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(KeyFile.open(folder.resolve("keys")).ids()).hasSize(2).isEqualTo(keys.ids());

    Path device = Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/null"));
    assertThatThrownBy(() -> KeyFile.open(device)).hasMessageContaining("is no regular file");
    assertThat(Files.isSymbolicLink(device)).isTrue();
  }
}
