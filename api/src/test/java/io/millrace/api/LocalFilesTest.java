package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No spelling and no link leads out of the folders that tasks may reach. */
class LocalFilesTest {

  @TempDir private Path top;
  private Path root;
  private Path secret;
  private LocalFiles files;

  @BeforeEach
  void makeFiles() throws IOException {
    top = top.toRealPath();
    root = Files.createDirectories(top.resolve("files"));
    Files.writeString(Files.createDirectory(root.resolve("in")).resolve("a.csv"), "1\n");
    secret = Files.writeString(Files.createDirectory(top.resolve("conf")).resolve("key"), "sesame");
    files = within(root);
  }

  private static LocalFiles within(Path... roots) {
    return LocalFiles.within(List.of(roots), "files.roots", "conf/millrace.yaml");
  }

  private void assertRefused(Path path) {
    for (Path each : List.of(path, path.resolve("below"))) {
      assertThatThrownBy(() -> files.allowed(each))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION))
          .hasMessageContaining("outside of files.roots (" + root + "): add ")
          .hasMessageEndingWith(" to files.roots in conf/millrace.yaml");
    }
    assertThatThrownBy(() -> files.open(path, StandardOpenOption.READ).close())
        .isInstanceOf(MillraceException.class);
  }

  @Test
  void whoIsRefusedIsToldWhatToDo() {
    assertThatThrownBy(() -> files.allowed(Path.of("/data/in")))
        .hasMessage(
            "path /data/in is outside of files.roots ("
                + root
                + "): add it to files.roots in conf/millrace.yaml");
  }

  @Test
  void aFileInARootIsReachedByEverySpelling() throws IOException {
    Path file = root.resolve("in/a.csv");
    for (String spelling : List.of("in/a.csv", "./in//a.csv", "in/../in/a.csv", "new/file")) {
      assertThat(files.allowed(Path.of(root + "/" + spelling)))
          .isEqualTo(root.resolve(spelling).normalize());
    }
    assertThat(files.allowed(root)).isEqualTo(root);
    assertThat(read(file)).isEqualTo("1\n");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("in"));
    assertThat(files.allowed(root.resolve("link/a.csv"))).isEqualTo(file);
    assertThat(read(root.resolve("link/a.csv"))).isEqualTo("1\n");
  }

  private String read(Path path) throws IOException {
    try (FileChannel channel = files.open(path, StandardOpenOption.READ)) {
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aRootThatIsALinkIsWhatItLedToWhenItWasNamed() throws IOException {
    Path link = Files.createSymbolicLink(top.resolve("link"), root);
    files = within(link);
    assertThat(files.allowed(link.resolve("in/a.csv"))).isEqualTo(root.resolve("in/a.csv"));
    Files.delete(link);
    Files.createSymbolicLink(link, secret.getParent());
    assertRefused(link.resolve("key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/conf/key",
        "%s//conf//key",
        "%s/files/../conf/key",
        "%s/files/in/../../conf/key",
        "%s/files/gone/../../conf/key",
        "%s/files-of-others/x",
        "/proc/self/root%s/conf/key",
        "/proc/self/cwd/key",
        "/proc/self/environ",
        "/dev/fd/0",
        "/dev/stdin",
        "relative/key",
        "/"
      })
  void noSpellingLeadsOut(String spelling) {
    assertRefused(Path.of(spelling.formatted(top)));
  }

  @Test
  void noLinkLeadsOut() throws IOException {
    Files.createSymbolicLink(root.resolve("file"), secret);
    Files.createSymbolicLink(root.resolve("folder"), secret.getParent());
    Files.createSymbolicLink(root.resolve("relative"), Path.of("../conf"));
    Files.createSymbolicLink(root.resolve("chain"), root.resolve("relative"));
    Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
    // Nothing yet: whoever makes a file by it would make it outside.
    Files.createSymbolicLink(root.resolve("dangling"), top.resolve("plugins/new.zip"));
    for (String name :
        List.of("file", "folder", "folder/key", "relative/key", "chain/key", "loop", "dangling")) {
      assertRefused(root.resolve(name));
    }
    assertThatThrownBy(() -> files.allowed(root.resolve("file")))
        .hasMessageStartingWith("path " + root.resolve("file") + " leads by a link outside of ");
  }

  @Test
  void aLinkThatIsRemovedIsNotFollowedAndNeitherIsOneAboveIt() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), secret);
    Files.createSymbolicLink(root.resolve("folder"), secret.getParent());
    assertThat(files.allowedEntry(link)).isEqualTo(link);
    assertThatThrownBy(() -> files.allowedEntry(root.resolve("folder/key")))
        .isInstanceOf(MillraceException.class);
    assertThatThrownBy(() -> files.allowedEntry(Path.of("/")))
        .isInstanceOf(MillraceException.class);
    assertThatThrownBy(() -> files.allowedEntry(root)).isInstanceOf(MillraceException.class);
  }

  /** What a check has allowed is opened without following what has come since. */
  @Test
  void aLinkThatIsPutInAfterTheCheckIsNotFollowed() throws IOException {
    Path folder = Files.createDirectory(root.resolve("swapped"));
    Files.writeString(folder.resolve("key"), "harmless");
    for (int round = 0; round < 300; round++) {
      Thread swapping = new Thread(() -> swap(folder));
      swapping.start();
      try {
        assertThat(read(folder.resolve("key"))).isEqualTo("harmless");
      } catch (FileSystemException | MillraceException e) {
        assertThat(e).hasMessageNotContaining("sesame");
      } finally {
        join(swapping);
      }
    }
  }

  private void swap(Path folder) {
    try {
      Path aside = root.resolve("aside");
      Files.move(folder, aside);
      Files.createSymbolicLink(folder, secret.getParent());
      Files.delete(folder);
      Files.move(aside, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFileIsMovedAndRemovedInARootOnly() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), secret);
    Files.createSymbolicLink(root.resolve("folder"), secret.getParent());
    Path file = root.resolve("in/a.csv");
    for (Path outside :
        List.of(secret, root.resolve("folder/key"), Path.of(root + "/../conf/key"))) {
      assertThatThrownBy(() -> files.delete(outside)).isInstanceOf(MillraceException.class);
      assertThatThrownBy(() -> files.move(outside, root.resolve("stolen")))
          .isInstanceOf(MillraceException.class);
      assertThatThrownBy(() -> files.move(file, outside)).isInstanceOf(MillraceException.class);
    }
    assertThat(secret).hasContent("sesame");
    // The link and not what it leads to.
    files.move(file, link);
    assertThat(link).isRegularFile().hasContent("1");
    assertThat(secret).hasContent("sesame");
    files.delete(link);
    files.delete(link);
    assertThat(link).doesNotExist();
    assertThatThrownBy(() -> files.move(file, link)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aNewFileIsMadeInARootOnly() throws IOException {
    try (FileChannel made =
        files.open(
            root.resolve("in/new"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      assertThat(made.size()).isZero();
    }
    assertThat(root.resolve("in/new")).exists();
    assertThatThrownBy(
            () ->
                files.open(
                    top.resolve("conf/new"),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE))
        .isInstanceOf(MillraceException.class);
    assertThat(top.resolve("conf/new")).doesNotExist();
  }

  @Test
  void withoutABoundEveryPathIsWhatItSays() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), secret);
    assertThat(LocalFiles.ANYWHERE.allowed(link)).isSameAs(link);
    assertThat(LocalFiles.ANYWHERE.allowedEntry(link)).isSameAs(link);
    files = LocalFiles.ANYWHERE;
    assertThat(read(link)).isEqualTo("sesame");
  }

  @Test
  void whatIsNoRegularFileIsNotReplaced(@TempDir Path directory) throws IOException {
    Path device = Files.createSymbolicLink(directory.resolve("device"), Path.of("/dev/null"));
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path complete = Files.writeString(directory.resolve("complete"), "x");
    for (Path there : new Path[] {device, folder, Path.of("/dev/null")}) {
      assertThatThrownBy(() -> LocalFiles.place(there))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("no regular file");
      assertThatThrownBy(() -> LocalFiles.ANYWHERE.move(complete, there))
          .hasMessageContaining("no regular file");
    }
    assertThat(Files.isSymbolicLink(device)).isTrue();
  }

  @Test
  void theWayOfALinkIsThePlaceOfItsFile(@TempDir Path directory) throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("other"));
    Path other = Files.createSymbolicLink(directory.resolve("other"), Path.of("file"));
    assertThat(LocalFiles.place(link)).isEqualTo(directory.resolve("file"));
    Files.writeString(other, "x");
    assertThat(LocalFiles.place(link)).isEqualTo(directory.resolve("file"));
    assertThat(LocalFiles.place(directory.resolve("none"))).isEqualTo(directory.resolve("none"));
  }

  /** As somebody else would: after the check, the folder becomes a link to what is outside. */
  @Test
  void aFolderThatBecomesALinkWhileItIsRemovedLeadsToNothing() throws IOException {
    for (String victim : List.of("conf", "files/in")) {
      Path area = Files.createDirectories(root.resolve("area"));
      for (String name : List.of("one", "key", "a.csv")) {
        Files.writeString(area.resolve(name), "x");
        Files.writeString(top.resolve(victim).resolve(name), "kept");
      }
      boolean[] done = new boolean[1];
      assertThatThrownBy(
              () ->
                  files.deleteTree(
                      area,
                      () -> {
                        if (!done[0]) {
                          done[0] = true;
                          swap(area, top.resolve(victim));
                        }
                      }))
          .isInstanceOf(IOException.class);
      assertThat(top.resolve(victim)).isDirectoryContaining("glob:**/{one,key,a.csv}");
      assertThat(Files.list(top.resolve(victim))).hasSize(3);
      Files.delete(area);
      files.deleteTree(root.resolve("away"), () -> {});
    }
  }

  private static void swap(Path folder, Path victim) {
    try {
      Files.move(folder, folder.resolveSibling("away"));
      Files.createSymbolicLink(folder, victim);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTreeIsRemovedWithItsLinksAndNotWithWhatTheyLeadTo() throws IOException {
    for (LocalFiles each : List.of(files, LocalFiles.ANYWHERE)) {
      Path area = Files.createDirectories(root.resolve("area/deep/deeper"));
      Files.writeString(area.resolve("x"), "x");
      Files.createSymbolicLink(area.resolve("link"), secret.getParent());
      Files.createSymbolicLink(root.resolve("area/file"), secret);
      each.deleteTree(root.resolve("area"), () -> {});
      assertThat(root.resolve("area")).doesNotExist();
      assertThat(secret).exists();
      Files.createSymbolicLink(root.resolve("area"), secret.getParent());
      each.deleteTree(root.resolve("area"), () -> {});
      assertThat(Files.isSymbolicLink(root.resolve("area"))).isFalse();
      assertThat(secret).exists();
    }
    files.deleteTree(root.resolve("gone"), () -> {});
    files.deleteFolder(root.resolve("gone"));
    assertThatThrownBy(() -> files.deleteFolder(root.resolve("in")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(files.names(root.resolve("in"))).containsExactly(Path.of("a.csv"));
    assertThat(files.names(root)).containsExactly(Path.of("in"));
    for (Path outside : List.of(secret.getParent(), root.resolve("../conf"))) {
      assertThatThrownBy(() -> files.deleteTree(outside, () -> {}))
          .isInstanceOf(MillraceException.class);
      assertThatThrownBy(() -> files.names(outside)).isInstanceOf(MillraceException.class);
    }
    assertThatThrownBy(() -> files.deleteTree(root, () -> {}))
        .isInstanceOf(MillraceException.class);
  }
}
