package io.millrace.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.WriteState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateStoreTest {

  @TempDir Path directory;

  private Path state() {
    return directory.resolve("run/state");
  }

  @Test
  void whatWasSavedComesBack() {
    AttemptState saved =
        AttemptState.begin("t", "f", "i")
            .nextEpoch()
            .withSource(
                Schema.of(Field.of("a", ColumnType.TIME).withNativeType("time(6)"))
                    .withStar(new Schema.Star(List.of("a"), List.of("b"))),
                Map.of("table 't'", "7"))
            .withWriteState(
                new WriteState(1, Map.of("k", "v"), Guarantee.EXACTLY_ONCE, ""),
                Map.of("topic 'u'", "8"))
            .withPlanned()
            .withSucceeded(new SplitTally(4, 3, 1, 9, ""));
    try (StateStore store = StateStore.open(state())) {
      assertThat(store.load()).isEmpty();
      store.save(saved);
    }
    try (StateStore store = StateStore.open(state())) {
      assertThat(store.load()).contains(saved);
    }
  }

  @Test
  void thePlanComesBackInItsOrder() {
    SplitPlan plan =
        new SplitPlan(
            List.of(
                new Split("b", 2, Map.of("x", "\n\"'"), "SELECT 1", 10),
                new Split("a", 2, Map.of(), "SELECT 2", -1)),
            3,
            "by key");
    try (StateStore store = StateStore.open(state())) {
      store.savePlan(plan);
      assertThat(store.loadPlan()).isEqualTo(plan);
    }
  }

  @Test
  void replaysThatWereNotedComeBackAndALineThatWasCutOffDoesNot() throws IOException {
    KeptReplay one = new KeptReplay("/runs/a", Map.of("/run/dirty/0.jsonl", "5e"));
    KeptReplay two = new KeptReplay("/runs/b", Map.of("/run/dirty/1.jsonl", "5f"));
    try (StateStore store = StateStore.open(state())) {
      assertThat(store.loadReplays()).isEmpty();
      store.addReplay(one);
      Files.writeString(
          state().resolve("replays.jsonl"), "{\"directory\":", StandardOpenOption.APPEND);
      assertThat(store.loadReplays()).containsExactly(one);
      store.addReplay(two);
      assertThat(store.loadReplays()).containsExactly(one, two);
    }
  }

  /** The id of a split becomes a part of names of files, tables and keys. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"maxConcurrency\":1,\"rule\":\"r\",\"splits\":1}\n"
            + "{\"id\":\"../../x\",\"version\":1,\"properties\":{},\"description\":\"\",\"estimatedRecords\":1}\n",
        "{\"maxConcurrency\":1,\"rule\":\"r\",\"splits\":2147483647}\n",
        "{\"maxConcurrency\":1,\"rule\":\"r\",\"splits\":-1}\n",
        "no json\n",
        ""
      })
  void aPlanThatSomebodyHasChangedIsRefusedInOneLine(String plan) throws IOException {
    try (StateStore store = StateStore.open(state())) {
      Files.writeString(state().resolve("splits.jsonl"), plan);
      assertThatThrownBy(store::loadPlan)
          .isInstanceOf(MillraceException.class)
          .hasMessageStartingWith("cannot read " + state().resolve("splits.jsonl"))
          .hasMessageEndingWith("; start anew")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aSecondAttemptOnTheSameDirectoryIsRefused() {
    try (StateStore store = StateStore.open(state())) {
      assertThatThrownBy(() -> StateStore.open(state())).hasMessageContaining("another attempt");
    }
    StateStore.open(state()).close();
  }

  @Test
  void aNoteThatACrashCutOffDoesNotCount() throws IOException {
    SplitCommit commit = new SplitCommit("s1", new SplitTally(2, 1, 1, 5, "f 0"));
    try (StateStore store = StateStore.open(state())) {
      store.addCommit(commit);
    }
    Files.writeString(
        state().resolve("commits.jsonl"), "{\"splitId\":\"s2\",\"ta", StandardOpenOption.APPEND);
    try (StateStore store = StateStore.open(state())) {
      assertThat(store.loadCommits()).containsExactly(Map.entry("s1", commit));
      store.addCommit(new SplitCommit("s3", commit.tally()));
      assertThat(store.loadCommits()).containsOnlyKeys("s1", "s3");
    }
  }

  @Test
  void aDamagedStateIsOneClearLine() throws IOException {
    try (StateStore store = StateStore.open(state())) {
      Files.writeString(state().resolve("attempt.json"), "{\"format\":1,");
      assertThatThrownBy(store::load).hasMessageContaining("cannot read");
    }
  }

  private AttemptState kept(String attempt, long epoch, boolean planned) {
    AttemptState state =
        AttemptState.begin("t", "f", "i", 2)
            .withEpoch(epoch)
            .withWriteState(new WriteState(1, Map.of(), Guarantee.AT_LEAST_ONCE, "r"), Map.of());
    try (StateStore store = StateStore.open(directory.resolve(attempt))) {
      store.save(state);
      if (planned) {
        store.savePlan(
            new SplitPlan(List.of(new Split("s" + epoch, 1, Map.of(), "d", 1)), 1, attempt));
        store.addCommit(new SplitCommit("s" + epoch, new SplitTally(1, 1, 0, 1, "")));
        return state.withPlanned();
      }
    }
    return state;
  }

  @Test
  void theNewestPlanOfSeveralAttemptsIsGoneOnWith() {
    kept("1", 10, true);
    AttemptState second = kept("2", 20, true);
    kept("3", 30, false);
    KeptStates states =
        new KeptStates(
            List.of(
                directory.resolve("1"),
                directory.resolve("2"),
                directory.resolve("3"),
                directory.resolve("never-begun")));
    assertThat(states.farthest()).contains(new KeptStates.Kept(directory.resolve("2"), second));

    try (StateStore next = StateStore.open(directory.resolve("4"))) {
      next.adopt(directory.resolve("2"));
      assertThat(next.loadPlan().rule()).isEqualTo("2");
      assertThat(next.loadCommits()).containsOnlyKeys("s20");
      assertThat(next.load()).isEmpty();
    }
  }

  @Test
  void aStateIsPlannedFromTheMomentItsPlanIsThere() {
    kept("1", 10, true);
    try (StateStore store = StateStore.open(directory.resolve("1"))) {
      assertThat(store.load()).hasValueSatisfying(state -> assertThat(state.planned()).isTrue());
    }
  }
}
