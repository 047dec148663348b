package io.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.Connector;
import io.millrace.api.TaskContext.Limits;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.SameRecords;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link Writer} promises. A connector extends this class, makes targets in {@link
 * #target}, and says what it cannot do. A writer with several modes has a subclass for each.
 */
@Timeout(120)
public abstract class WriterContractTest {

  private static final int CHANNELS = 4;

  /** The connector whose writer is tested. */
  protected abstract Connector connector();

  /**
   * Makes a new empty target; called at most a few times by each test.
   *
   * @param schema its columns; {@code id} is unique and not null
   */
  protected abstract TargetFixture target(Schema schema) throws Exception;

  /** Whether the writer can do this; all by default. */
  protected boolean has(WriterAbility ability) {
    return true;
  }

  /** The types it can carry; all by default. */
  protected Set<TypeCase> types() {
    return EnumSet.allOf(TypeCase.class);
  }

  /** What every split of a test is a part of; by default they are whole ones. */
  protected Optional<String> group() {
    return Optional.empty();
  }

  /**
   * Records of which the target refuses some; null when it takes everything.
   *
   * @see RefusedRecords
   */
  protected @Nullable RefusedRecords refusedRecords() throws Exception {
    return null;
  }

  /**
   * A target that stops answering on demand, for example behind a {@link
   * io.millrace.testkit.net.FaultProxy}; null when it cannot be made.
   *
   * @param schema its columns
   */
  protected @Nullable StallingTarget stallingTarget(Schema schema) throws Exception {
    return null;
  }

  /**
   * Records of which the target refuses some.
   *
   * @param refused the ids of those that are dirty; the others must be written
   */
  public record RefusedRecords(TargetFixture target, Sample sample, Set<Integer> refused) {}

  /**
   * A target that stops answering on demand.
   *
   * @param stall from its return on the target answers nothing more
   */
  public record StallingTarget(TargetFixture target, Runnable stall) {}

  /** A writer in the middle of an attempt. */
  private final class Session implements AutoCloseable {
    final TestContext context =
        TestContext.create()
            .withLimits(Limits.DEFAULT.withChannels(CHANNELS))
            .withGroup(group().orElse(null));
    final Writer writer;
    @Nullable WriteState state;

    Session(TargetFixture target) {
      this.writer = Ends.writer(connector(), target.options(), context.task());
    }

    WriteState state() {
      WriteState prepared = state;
      assertThat(prepared).as("state").isNotNull();
      return java.util.Objects.requireNonNull(prepared);
    }

    Session prepare(String instance, long epoch, Schema source) {
      writer.check(source, context);
      state = writer.prepare(new WritePlan(instance, 1, epoch, source), context);
      return this;
    }

    Session takeOver(WriteState earlier, long epoch) {
      // As another process would: from the data alone.
      state = writer.takeOver(copied(earlier), epoch, context);
      return this;
    }

    SplitWriter open(String splitId) {
      return writer.open(state(), splitId, context);
    }

    SplitCommit write(String splitId, RecordBatch... batches) {
      return write(splitId, 0, batches);
    }

    SplitCommit write(String splitId, int channel, RecordBatch... batches) {
      TestContext own = context.withChannel(channel);
      try (SplitWriter split = writer.open(state(), splitId, own)) {
        long read = 0;
        long written = 0;
        for (RecordBatch batch : batches) {
          read += batch.size();
          written += split.write(batch);
        }
        SplitTally tally = new SplitTally(read, written, own.dirty().count(), read * 8, "");
        SplitCommit commit = split.commit(tally);
        assertThat(commit).isEqualTo(new SplitCommit(splitId, tally));
        assertThat(written + own.dirty().count()).as("written and dirty").isEqualTo(read);
        return commit;
      }
    }

    void publish(List<SplitCommit> commits) {
      writer.publish(state(), commits, context);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  private static WriteState copied(WriteState state) {
    return new WriteState(
        state.version(), new HashMap<>(state.properties()), state.guarantee(), state.reason());
  }

  private static String newInstance() {
    return UUID.randomUUID().toString();
  }

  private Session prepared(TargetFixture target, Schema source) {
    return new Session(target).prepare(newInstance(), 1, source);
  }

  private void assertHolds(TargetFixture target, List<List<@Nullable String>> expected) {
    if (has(WriterAbility.LOOKS_BACK)) {
      SameRecords.require(target.records(), Records.sorted(expected));
    }
  }

  private void assumeExactlyOnce() {
    assumeTrue(
        has(WriterAbility.EXACTLY_ONCE),
        "the target promises at least once; runs with WriterAbility.EXACTLY_ONCE");
  }

  /** How long a cancellation may take. */
  protected Duration prompt() {
    return Duration.ofSeconds(5);
  }

  @Test
  void checkingNamesTheTargetsColumnsAndWritesNothing() throws Exception {
    Sample sample = Sample.plain(1);
    TargetFixture target = target(sample.schema());
    try (Session session = new Session(target)) {
      Schema columns = session.writer.check(sample.schema(), session.context);
      assertThat(columns.size()).isEqualTo(sample.schema().size());
      assertHolds(target, List.of());
    }
  }

  @Test
  void anotherNumberOfColumnsIsRefusedBeforeAnythingIsWritten() throws Exception {
    assumeTrue(
        has(WriterAbility.FIXED_COLUMNS),
        "the target takes any columns; runs with WriterAbility.FIXED_COLUMNS");
    TargetFixture target = target(Sample.plain(1).schema());
    Schema one = Schema.of(Field.of("id", ColumnType.INT64));
    try (Session session = new Session(target)) {
      assertThatThrownBy(() -> session.writer.check(one, session.context))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode().kind()).isEqualTo(ErrorKind.USER));
      assertHolds(target, List.of());
    }
  }

  @Test
  void whatTheTargetIsDoesNotChangeWhileItIsWritten() throws Exception {
    Sample sample = Sample.plain(100);
    TargetFixture target = target(sample.schema());
    String instance = newInstance();
    try (Session session = new Session(target).prepare(instance, 1, sample.schema())) {
      Map<String, String> identity = session.writer.identity(session.state(), session.context);
      SplitCommit commit = session.write("a", sample.slice(0, 100));
      assertThat(session.writer.identity(session.state(), session.context)).isEqualTo(identity);
      WriteState taken = session.writer.takeOver(copied(session.state()), 2, session.context);
      assertThat(session.writer.identity(taken, session.context)).isEqualTo(identity);
      session.writer.publish(taken, List.of(commit), session.context);
    }
  }

  @Test
  void theHostIsToldWhatIsSecretAndWhereItGoes() {
    Ends.requireDeclared(connector().writer().orElseThrow().options());
  }

  @Test
  void theDeclaredOptionsAreDistinctAndDescribed() {
    List<ConfigOption<?>> options = connector().writer().orElseThrow().options();
    List<String> spellings = new ArrayList<>();
    for (ConfigOption<?> option : options) {
      assertThat(option.description()).as(option.key()).isNotBlank();
      spellings.add(option.key());
      spellings.addAll(option.aliases());
    }
    assertThat(spellings).doesNotHaveDuplicates();
  }

  @Test
  void theGuaranteeIsSaidAndExplained() throws Exception {
    Sample sample = Sample.plain(1);
    try (Session session = prepared(target(sample.schema()), sample.schema())) {
      if (has(WriterAbility.EXACTLY_ONCE)) {
        assertThat(session.state().guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
        assertThat(session.state().reason()).isEmpty();
      } else {
        assertThat(session.state().guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
        assertThat(session.state().reason()).isNotBlank();
      }
    }
  }

  @Test
  void theStateHoldsNoSecret() throws Exception {
    Sample sample = Sample.plain(1);
    TargetFixture target = target(sample.schema());
    Set<String> secrets =
        Ends.secrets(connector().writer().orElseThrow().options(), target.options());
    try (Session session = prepared(target, sample.schema())) {
      session.publish(List.of(session.write("a", sample.slice(0, 1))));
      assertThat(secrets)
          .allSatisfy(
              secret -> {
                assertThat(session.state().toString()).doesNotContain(secret);
                assertThat(session.context.log().lines()).noneMatch(l -> l.contains(secret));
              });
    }
  }

  @Test
  void whatIsCommittedIsThereOnceAfterPublishing() throws Exception {
    Sample sample = Sample.plain(500);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      List<SplitCommit> commits = new ArrayList<>();
      commits.add(session.write("a", sample.slice(0, 100), sample.slice(100, 101)));
      commits.add(session.write("b", sample.slice(101, 500)));
      if (has(WriterAbility.STAGES)) {
        assertHolds(target, List.of());
      }
      session.publish(commits);
      assertHolds(target, sample.texts());
      session.writer.forget(session.state(), session.context);
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void aBatchMayBeUsedAgainAsSoonAsItIsWritten() throws Exception {
    Sample sample = Sample.plain(300);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      RecordBatch reused = new RecordBatch(sample.schema(), 1 << 20, 100);
      SplitCommit commit;
      try (SplitWriter split = session.open("a")) {
        for (int row = 0; row < sample.size(); row++) {
          reused.appendFrom(sample.batch(), row);
          if (reused.isFull()) {
            assertThat(split.write(reused)).isEqualTo(100);
            reused.clear();
          }
        }
        // What a writer had kept of the batch would show as this.
        reused.appendFrom(sample.batch(), 0);
        commit = split.commit(new SplitTally(300, 300, 0, 1, ""));
      }
      session.publish(List.of(commit));
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void closingWithoutCommitLeavesNothing() throws Exception {
    Sample sample = Sample.plain(200);
    TargetFixture target = target(sample.schema());
    assumeExactlyOnce();
    try (Session session = prepared(target, sample.schema())) {
      SplitWriter abandoned = session.open("a");
      abandoned.write(sample.slice(0, 100));
      abandoned.close();
      assertHolds(target, List.of());
      SplitCommit commit = session.write("b", sample.slice(100, 200));
      assertThat(session.writer.commits(session.state(), session.context)).containsOnlyKeys("b");
      session.writer.publish(session.state(), List.of(commit), session.context);
      assertHolds(target, sample.texts(100, 200));
    }
  }

  @Test
  void aSplitThatWasAbandonedIsWrittenAnewWithoutDoubles() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(100);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      for (int written : new int[] {0, 1, 99, 100}) {
        SplitWriter abandoned = session.open("a");
        abandoned.write(sample.slice(0, written));
        abandoned.close();
      }
      session.publish(List.of(session.write("a", sample.batch())));
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void theTargetTellsWhichSplitsAreCommittedAndHow() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(20);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      assertThat(session.writer.commits(session.state(), session.context)).isEmpty();
      SplitTally tally =
          new SplitTally(Long.MAX_VALUE, 20, 1L << 40, 123_456_789_012L, "seal:" + "é".repeat(195));
      SplitCommit first;
      try (SplitWriter split = session.open("first.1-x_Y")) {
        split.write(sample.slice(0, 20));
        first = split.commit(tally);
      }
      SplitCommit empty = session.write("empty");
      // Another process, which has nothing but the kept state.
      try (Session other = new Session(target)) {
        assertThat(other.writer.commits(copied(session.state()), other.context))
            .containsOnlyKeys("first.1-x_Y", "empty")
            .containsEntry("first.1-x_Y", first)
            .containsEntry("empty", empty);
      }
      assertThat(first.tally()).isEqualTo(tally);
    }
  }

  @Test
  void instancesDoNotSeeEachOthersCommits() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(20);
    TargetFixture target = target(sample.schema());
    // What is published by staging may replace the whole content, which is another matter.
    assumeFalse(
        has(WriterAbility.STAGES),
        "staged instances have the target for themselves; runs without WriterAbility.STAGES");
    try (Session one = prepared(target, sample.schema());
        Session two = prepared(target, sample.schema())) {
      SplitCommit ofOne = one.write("a", sample.slice(0, 10));
      assertThat(two.writer.commits(two.state(), two.context)).isEmpty();
      SplitCommit ofTwo = two.write("a", sample.slice(10, 20));
      one.publish(List.of(ofOne));
      two.publish(List.of(ofTwo));
      one.writer.forget(one.state(), one.context);
      assertThat(two.writer.commits(two.state(), two.context)).containsOnlyKeys("a");
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void aSplitThatIsCommittedCannotBeCommittedAgain() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(20);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      SplitCommit commit = session.write("a", sample.slice(0, 10));
      assertThatThrownBy(() -> session.write("a", sample.slice(10, 20)))
          .isInstanceOf(MillraceException.class);
      session.publish(List.of(commit));
      assertHolds(target, sample.texts(0, 10));
    }
  }

  @Test
  void takingOverFencesTheEarlierAttempt() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(60);
    TargetFixture target = target(sample.schema());
    try (Session paused = prepared(target, sample.schema());
        Session next = new Session(target)) {
      SplitCommit before = paused.write("a", sample.slice(0, 20));
      SplitWriter late = paused.open("b");
      late.write(sample.slice(20, 40));

      next.takeOver(paused.state(), 2);

      assertThatThrownBy(() -> late.commit(new SplitTally(20, 20, 0, 1, "")))
          .isInstanceOf(MillraceException.class);
      assertThatCode(late::close).doesNotThrowAnyException();
      assertThatThrownBy(() -> paused.write("c", sample.slice(40, 60)))
          .isInstanceOf(MillraceException.class);
      assertThat(next.writer.commits(next.state(), next.context)).containsOnlyKeys("a");
      List<SplitCommit> commits = new ArrayList<>(List.of(before));
      commits.add(next.write("b", sample.slice(20, 40)));
      commits.add(next.write("c", sample.slice(40, 60)));
      next.publish(commits);
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void preparingAgainWithAHigherEpochFencesTheEarlierAttempt() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(40);
    TargetFixture target = target(sample.schema());
    String instance = newInstance();
    try (Session paused = new Session(target).prepare(instance, 1, sample.schema());
        Session next = new Session(target).prepare(instance, 2, sample.schema())) {
      assertThatThrownBy(() -> paused.write("a", sample.slice(0, 20)))
          .isInstanceOf(MillraceException.class);
      next.publish(List.of(next.write("a", sample.batch())));
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void anOlderEpochCannotTakeOver() throws Exception {
    assumeExactlyOnce();
    Sample sample = Sample.plain(10);
    TargetFixture target = target(sample.schema());
    try (Session newest = new Session(target).prepare(newInstance(), 5, sample.schema());
        Session old = new Session(target)) {
      assertThatThrownBy(() -> old.takeOver(newest.state(), 4))
          .isInstanceOf(MillraceException.class);
      newest.publish(List.of(newest.write("a", sample.batch())));
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void publishingTwiceIsPublishingOnce() throws Exception {
    Sample sample = Sample.plain(50);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      List<SplitCommit> commits = List.of(session.write("a", sample.batch()));
      session.publish(commits);
      session.publish(commits);
      try (Session other = new Session(target)) {
        other.writer.publish(copied(session.state()), commits, other.context);
      }
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void anInstanceWithoutSplitsIsPublished() throws Exception {
    Sample sample = Sample.plain(1);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      session.publish(List.of());
      session.writer.forget(session.state(), session.context);
      assertHolds(target, List.of());
    }
  }

  @Test
  void discardingRemovesWhatIsNotVisibleAndMayBeRepeated() throws Exception {
    Sample sample = Sample.plain(50);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      session.write("a", sample.slice(0, 20));
      SplitWriter abandoned = session.open("b");
      abandoned.write(sample.slice(20, 50));
      abandoned.close();
      List<List<@Nullable String>> visible =
          has(WriterAbility.STAGES) ? List.of() : sample.texts(0, 20);
      try (Session other = new Session(target)) {
        other.writer.discard(copied(session.state()), other.context);
        other.writer.discard(copied(session.state()), other.context);
      }
      if (has(WriterAbility.EXACTLY_ONCE)) {
        assertHolds(target, visible);
      }
    }
  }

  @Test
  void forgettingMayBeRepeated() throws Exception {
    Sample sample = Sample.plain(10);
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      session.publish(List.of(session.write("a", sample.batch())));
      session.writer.forget(session.state(), session.context);
      session.writer.forget(session.state(), session.context);
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void severalSplitsAreWrittenAtOnce() throws Exception {
    int splits = 8;
    Sample sample = Sample.plain(splits * 100);
    TargetFixture target = target(sample.schema());
    ExecutorService channels = Executors.newFixedThreadPool(CHANNELS);
    try (Session session = prepared(target, sample.schema())) {
      List<Future<List<SplitCommit>>> running = new ArrayList<>();
      for (int c = 0; c < CHANNELS; c++) {
        int channel = c;
        Callable<List<SplitCommit>> work =
            () -> {
              List<SplitCommit> commits = new ArrayList<>();
              for (int s = channel; s < splits; s += CHANNELS) {
                RecordBatch part = sample.slice(s * 100, s * 100 + 50);
                RecordBatch rest = sample.slice(s * 100 + 50, s * 100 + 100);
                commits.add(session.write("s" + s, channel, part, rest));
              }
              return commits;
            };
        running.add(channels.submit(work));
      }
      List<SplitCommit> commits = new ArrayList<>();
      for (Future<List<SplitCommit>> each : running) {
        commits.addAll(each.get());
      }
      session.publish(commits);
      assertHolds(target, sample.texts());
    } finally {
      channels.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void aRefusedRecordIsDirtyAndItsNeighboursAreWritten(int batchRecords) throws Exception {
    RefusedRecords refused = refusedRecords();
    assumeTrue(
        refused != null, "the target refuses no record; runs when refusedRecords() names some");
    Sample sample = refused.sample();
    try (Session session = prepared(refused.target(), sample.schema())) {
      CollectingDirtyRecords dirty = session.context.dirty();
      SplitCommit commit;
      try (SplitWriter split = session.open("a")) {
        long written = 0;
        for (int from = 0; from < sample.size(); from += batchRecords) {
          int to = Math.min(sample.size(), from + batchRecords);
          int before = dirty.count();
          long taken = split.write(sample.slice(from, to));
          assertThat(taken + dirty.count() - before).as("written and dirty").isEqualTo(to - from);
          written += taken;
        }
        commit =
            split.commit(new SplitTally(sample.size(), written, dirty.count(), 1, "a dirty file"));
      }
      session.publish(List.of(commit));
      assertRefused(refused, dirty);
    }
  }

  private void assertRefused(RefusedRecords refused, CollectingDirtyRecords dirty) {
    List<List<@Nullable String>> texts = refused.sample().texts();
    assertThat(dirty.entries())
        .extracting(CollectingDirtyRecords.Entry::position)
        .containsExactlyInAnyOrderElementsOf(
            refused.refused().stream().map(i -> (long) i).toList());
    assertThat(dirty.entries())
        .allSatisfy(
            entry -> {
              SameRecords.require(
                  List.of(entry.values()), List.of(texts.get((int) entry.position())));
              assertThat(entry.reason().code()).isNotBlank();
              assertThat(entry.reason().message()).isNotBlank();
              // Shorter ones may be a number of bytes or the like.
              entry.values().stream()
                  .filter(text -> text != null && text.strip().length() >= 3)
                  .forEach(
                      text ->
                          assertThat(entry.hidden())
                              .as("the message without what it marks with Sensitive.mark")
                              .doesNotContain(text.strip()));
            });
    List<List<@Nullable String>> expected = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (!refused.refused().contains(i)) {
        expected.add(texts.get(i));
      }
    }
    assertHolds(refused.target(), expected);
  }

  @Test
  void theLimitOfDirtyRecordsEndsTheWriteAndNothingIsLeft() throws Exception {
    RefusedRecords refused = refusedRecords();
    assumeTrue(
        refused != null, "the target refuses no record; runs when refusedRecords() names some");
    Sample sample = refused.sample();
    try (Session session = prepared(refused.target(), sample.schema())) {
      session.context.dirty().limit(0);
      try (SplitWriter split = session.open("a")) {
        assertThatThrownBy(() -> split.write(sample.batch()))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.DIRTY_LIMIT));
      }
      if (has(WriterAbility.EXACTLY_ONCE)) {
        assertHolds(refused.target(), List.of());
      }
    }
  }

  @Test
  void cancellingEndsAWriteThatWaits() throws Exception {
    Sample sample = Sample.plain(1000);
    StallingTarget stalling = stallingTarget(sample.schema());
    assumeTrue(
        stalling != null, "no target that stops answering; runs when stallingTarget() gives one");
    try (Session session = prepared(stalling.target(), sample.schema())) {
      CompletableFuture<Void> opened = new CompletableFuture<>();
      CompletableFuture<Void> stalled = new CompletableFuture<>();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try (SplitWriter split = session.open("a")) {
                  split.write(sample.slice(0, 10));
                  opened.complete(null);
                  stalled.join();
                  split.write(sample.slice(10, 1000));
                  split.commit(new SplitTally(1000, 1000, 0, 1, ""));
                } catch (RuntimeException e) {
                  opened.completeExceptionally(e);
                } finally {
                  ended.complete(null);
                }
              });
      thread.setDaemon(true);
      thread.start();
      assertThat(opened).succeedsWithin(Duration.ofSeconds(30));
      stalling.stall().run();
      stalled.complete(null);
      session.context.cancellation().cancel();
      assertThat(ended).succeedsWithin(prompt());
      assertThat(session.context.cancellation().failures()).isEmpty();
    }
  }

  @Test
  void nothingStaysRegisteredForCancellation() throws Exception {
    Sample sample = Sample.plain(10);
    try (Session session = prepared(target(sample.schema()), sample.schema())) {
      session.publish(List.of(session.write("a", sample.batch())));
      assertThat(session.context.cancellation().registrations()).isZero();
    }
  }

  @Test
  void everyTypeArrivesBitForBit() throws Exception {
    Sample sample = Sample.types(types());
    TargetFixture target = target(sample.schema());
    try (Session session = prepared(target, sample.schema())) {
      session.publish(List.of(session.write("a", sample.batch())));
      assertHolds(target, sample.texts());
    }
  }

  @Test
  void closingAWriterThatDidNothingIsHarmless() throws Exception {
    TargetFixture target = target(Sample.plain(1).schema());
    assertThatCode(() -> new Session(target).close()).doesNotThrowAnyException();
  }
}
