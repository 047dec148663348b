package io.millrace.dist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.WriteState;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.state.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayedFilesTest {

  @TempDir private Path directory;
  private Path run;
  private Path one;
  private Path two;

  @BeforeEach
  void makeRun() throws IOException {
    run = directory.resolve("run");
    Path dirty = Files.createDirectories(run.resolve("dirty"));
    one = Files.writeString(dirty.resolve("0.1-1.jsonl"), "one\n");
    two = Files.writeString(dirty.resolve("1.1-1.jsonl"), "two\n");
  }

  private ReplayedFiles by(String replay, boolean again, Path... files) {
    return new ReplayedFiles(run, List.of(files), directory.resolve(replay), again);
  }

  private void state(String replay, boolean succeeded) {
    AttemptState begun =
        AttemptState.begin("t-replay", "f", "i")
            .withWriteState(new WriteState(1, Map.of(), Guarantee.EXACTLY_ONCE, ""), Map.of());
    try (StateStore store = StateStore.open(directory.resolve(replay).resolve("state"))) {
      store.save(succeeded ? begun.withSucceeded(new SplitTally(1, 1, 0, 1, "")) : begun);
    }
  }

  private static void assertRefused(ThrowingCallable replay, String... why) {
    assertThatThrownBy(replay)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode().kind()).isEqualTo(ErrorKind.USER))
        .hasMessageContainingAll(why);
  }

  @Test
  void aFileThatAReplayTookIsNotTakenByAnother() {
    by("a", false, one).refuseTaken();
    by("a", false, one).take();
    state("a", false);
    ReplayedFiles other = by("b", false, one, two);
    String goOn = "has not finished: go on with it with --resume --run-dir " + directory;
    assertRefused(other::refuseTaken, one.toString(), goOn + "/a", "--again");
    assertRefused(other::take, goOn);
    state("a", true);
    assertRefused(
        other::refuseTaken,
        "/a, which has succeeded",
        directory.resolve("a/dirty") + "",
        "--again");
    assertThatCode(() -> by("b", false, two).take()).doesNotThrowAnyException();
  }

  @Test
  void aReplayThatGoesOnMayTakeItsFilesAgain() {
    by("a", false, one).take();
    state("a", false);
    by("a", false, one).refuseTaken();
    by("a", false, one).take();
    try (StateStore store = StateStore.open(run.resolve("state"))) {
      assertThat(store.loadReplays()).hasSize(1);
    }
  }

  @Test
  void whatIsToBeWrittenAgainIsSoOnlyOnRequestAndANewReplayStillIsNot() {
    by("a", false, one).take();
    by("b", true, one).refuseTaken();
    by("b", true, one).take();
    // To go on with b the request need not be repeated.
    by("b", false, one).refuseTaken();
    assertRefused(by("c", false, one)::refuseTaken, directory.resolve("b") + ", which");
  }

  @Test
  void aFileIsKnownByItsPlaceAndByWhatItHolds() throws IOException {
    by("a", false, one).take();
    Path copy = Files.copy(one, directory.resolve("copy.jsonl"));
    Path link = Files.createSymbolicLink(directory.resolve("link.jsonl"), one);
    assertRefused(by("b", false, copy)::refuseTaken, "the records of " + copy);
    Files.writeString(one, "corrected\n");
    assertRefused(by("b", false, one)::refuseTaken, "records of " + one);
    assertRefused(by("b", false, link)::refuseTaken, "records of " + one);
  }

  /** Nobody can tell then what it has written. */
  @Test
  void aReplayWhoseDirectoryIsGoneMayHaveWritten() {
    by("a", false, one).take();
    assertRefused(
        by("b", false, one)::refuseTaken, "is not there any more or was given up", "--again");
  }
}
