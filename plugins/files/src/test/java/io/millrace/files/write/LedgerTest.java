package io.millrace.files.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.LocalStore;
import io.millrace.files.store.RandomInput;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedNames;
import io.millrace.files.store.StagedOutput;
import io.millrace.files.store.StorePlace;
import io.millrace.files.store.StoredFile;
import io.millrace.testkit.context.TestCancellation;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes instances over at every moment between the steps of a commit, and the other way round. */
class LedgerTest {

  @TempDir Path folder;

  private final Interrupted store = new Interrupted(new LocalStore());
  private final Cancellation cancellation = new TestCancellation();
  private Ledger ledger;

  @BeforeEach
  void makeLedger() {
    ledger = new Ledger(store, folder + "/.millrace/i-1/", record -> {}, cancellation);
  }

  private static CommitRecord record(String split, long rows) {
    return new CommitRecord(
        new SplitCommit(split, new SplitTally(rows, rows, 0, 1, "")),
        "",
        List.of(new StagedFile("name " + rows, rows, "a\ttoken\n= of " + split)));
  }

  private void commit(String split, long epoch) {
    ledger.commit(record(split, epoch), epoch);
  }

  private static void assertFenced(Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.FENCED));
  }

  @Test
  void aCommitThatReturnedBeforeTheFenceCounts() {
    ledger.claim(1);
    store.before("fence/2", () -> commit("a", 1));
    ledger.claim(2);
    assertThat(ledger.commits()).containsExactly(Map.entry("a", record("a", 1)));
  }

  @Test
  void whatIsOnItsWayIsNoRecordYet() {
    ledger.claim(1);
    commit("a@x", 1);
    String area = folder + "/.millrace/i-1/";
    for (String name : List.of("fence/3-e0f948fe-ef71", "commits/b@1-e0f948fe", "valid/.e0f9")) {
      store.put(area + name, new byte[] {'1'}, cancellation);
    }
    ledger.requireNewest(1);
    ledger.claim(2);
    assertThat(ledger.commits()).containsExactly(Map.entry("a@x", record("a@x", 1)));
  }

  @Test
  void aCommitBetweenTheFenceAndTheListIsToldThatItMayNotCountAndTheListDecides() {
    ledger.claim(1);
    ledger.requireOpen("a", 1);
    // It looked for fences before, and writes its commit now.
    store.before(
        "fence/2", () -> store.before("valid/2", () -> assertFenced(() -> lateCommit("a", 1))));
    ledger.claim(2);
    Map<String, CommitRecord> counting = ledger.commits();
    if (counting.isEmpty()) {
      commit("a", 2);
    }
    assertThat(ledger.commits()).hasSize(1);
    ledger.claim(3);
    assertThat(ledger.commits()).hasSize(1);
  }

  /** The end of a commit whose beginning found no fence. */
  private void lateCommit(String split, long epoch) {
    store.put(
        folder + "/.millrace/i-1/commits/" + split + "@" + epoch,
        record(split, epoch).bytes(),
        cancellation);
    ledger.requireNewest(epoch);
  }

  @Test
  void aCommitThatIsOvertakenBetweenItsLookAndItsWriteIsToldSoAndDoesNotCount() {
    ledger.claim(1);
    store.before("commits/a@1", () -> ledger.claim(2));
    assertFenced(() -> commit("a", 1));
    assertThat(ledger.commits()).isEmpty();
    commit("a", 2);
    assertThat(ledger.commits()).containsOnlyKeys("a");
  }

  @Test
  void aCommitBehindTheListDoesNotCountEverAgain() {
    ledger.claim(1);
    commit("a", 1);
    ledger.claim(2);
    assertFenced(() -> lateCommit("b", 1));
    assertThat(ledger.commits()).containsOnlyKeys("a");
    commit("b", 2);
    assertThat(ledger.commits()).containsEntry("b", record("b", 2));
    ledger.claim(3);
    assertThat(ledger.commits())
        .containsOnly(Map.entry("a", record("a", 1)), Map.entry("b", record("b", 2)));
  }

  @Test
  void whoIsKilledBetweenFenceAndListLosesNothing() {
    ledger.claim(1);
    commit("a", 1);
    store.before(
        "valid/2",
        () -> {
          throw new IllegalStateException("killed");
        });
    assertThatThrownBy(() -> ledger.claim(2)).isInstanceOf(IllegalStateException.class);
    assertFenced(() -> commit("b", 1));
    ledger.claim(3);
    assertThat(ledger.commits()).containsOnlyKeys("a");
  }

  @Test
  void whoPausesBetweenFenceAndListAndIsOvertakenCannotCommit() {
    ledger.claim(1);
    commit("a", 1);
    store.before("valid/2", () -> ledger.claim(3));
    assertFenced(() -> ledger.claim(2));
    assertFenced(() -> commit("b", 2));
    commit("b", 3);
    assertThat(ledger.commits()).containsOnlyKeys("a", "b");
  }

  @Test
  void whatWasGivenUpCannotBeCommittedTo() {
    ledger.claim(1);
    store.sweep(
        folder + "/.millrace/i-1/", new StagedNames(folder + "/", "x", Instant.MAX), cancellation);
    assertFenced(() -> commit("a", 1));
    assertFenced(() -> lateCommit("a", 1));
  }

  /** A store that lets something happen before a file is written. */
  private static final class Interrupted implements FileStore {
    private final FileStore store;
    private final Map<String, Runnable> moments = new HashMap<>();

    Interrupted(FileStore store) {
      this.store = store;
    }

    void before(String ending, Runnable moment) {
      moments.put(ending, moment);
    }

    @Override
    public void put(String name, byte[] content, Cancellation cancellation) {
      for (String ending : List.copyOf(moments.keySet())) {
        @Nullable Runnable moment = name.endsWith(ending) ? moments.remove(ending) : null;
        if (moment != null) {
          moment.run();
        }
      }
      store.put(name, content, cancellation);
    }

    @Override
    public String describe(String name) {
      return store.describe(name);
    }

    @Override
    public Iterator<StoredFile> list(String prefix, Cancellation cancellation) {
      return store.list(prefix, cancellation);
    }

    @Override
    public Optional<StoredFile> find(String name, Cancellation cancellation) {
      return store.find(name, cancellation);
    }

    @Override
    public StorePlace place() {
      return StorePlace.LOCAL;
    }

    @Override
    public InputStream open(StoredFile file, long from, long to, Cancellation cancellation) {
      return store.open(file, from, to, cancellation);
    }

    @Override
    public RandomInput random(StoredFile file, Cancellation cancellation) {
      return store.random(file, cancellation);
    }

    @Override
    public StagedOutput stage(String name, String area, Cancellation cancellation) {
      return store.stage(name, area, cancellation);
    }

    @Override
    public void complete(StagedFile staged, Cancellation cancellation) {
      store.complete(staged, cancellation);
    }

    @Override
    public boolean holds(StagedFile staged, Cancellation cancellation) {
      return store.holds(staged, cancellation);
    }

    @Override
    public boolean isOfArea(StagedFile staged, String area) {
      return store.isOfArea(staged, area);
    }

    @Override
    public void abort(StagedFile staged, Cancellation cancellation) {
      store.abort(staged, cancellation);
    }

    @Override
    public void delete(String name, Cancellation cancellation) {
      store.delete(name, cancellation);
    }

    @Override
    public Optional<byte[]> get(String name, Cancellation cancellation) {
      return store.get(name, cancellation);
    }

    @Override
    public void sweep(String area, StagedNames staged, Cancellation cancellation) {
      store.sweep(area, staged, cancellation);
    }
  }
}
