package io.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.TaskContext.Limits;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.engine.attempt.SourceLook;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.SourceSpec;
import io.millrace.engine.task.TaskSettings;
import io.millrace.testkit.context.ConnectionTests;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.SameRecords;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link Reader} promises. A connector extends this class, fills sources in {@link
 * #source}, and says what it cannot do.
 */
@Timeout(120)
public abstract class ReaderContractTest {

  /** Enough that every reader that can split does. */
  private static final int MANY = 1000;

  private static final int LOOK = 10;

  /** The connector whose reader is tested. */
  protected abstract Connector connector();

  /**
   * Makes a new source that holds a sample, or what the reader delivers of it; called at most a few
   * times by each test.
   *
   * @param sample its columns are those the source should have
   */
  protected abstract SourceFixture source(Sample sample) throws Exception;

  /** Whether the reader can do this; all by default. */
  protected boolean has(ReaderAbility ability) {
    return true;
  }

  /** The types it can carry; all by default. */
  protected Set<TypeCase> types() {
    return EnumSet.allOf(TypeCase.class);
  }

  /**
   * A source that stops answering on demand, for example behind a {@link
   * io.millrace.testkit.net.FaultProxy}; null when it cannot be made.
   *
   * @param sample what it holds, more than a batch of it
   */
  protected @Nullable StallingSource stallingSource(Sample sample) throws Exception {
    return null;
  }

  /**
   * A source that stops answering on demand.
   *
   * @param stall from its return on the source sends nothing more
   */
  public record StallingSource(SourceFixture source, Runnable stall) {}

  /** A reader in the middle of an attempt. */
  private final class Session implements AutoCloseable {
    final TestContext context;
    final Reader reader;
    final Schema schema;
    int batchBytes = 1 << 20;
    int batchRecords = 16_384;

    Session(SourceFixture source) {
      this(source, TestContext.create());
    }

    Session(SourceFixture source, TestContext context) {
      this.context = context;
      this.reader = Ends.reader(connector(), source.options(), context.task());
      this.schema = reader.schema(context);
    }

    List<Split> plan(int channels) {
      reader.prepare(context);
      return reader.split(new SplitRequest(channels), context).splits();
    }

    RecordBatch batch() {
      return new RecordBatch(schema, batchBytes, batchRecords);
    }

    List<List<@Nullable String>> read(Split split) {
      List<List<@Nullable String>> records = new ArrayList<>();
      try (SplitReader splitReader = reader.open(split, context)) {
        RecordBatch batch = batch();
        boolean more = true;
        while (more) {
          batch.clear();
          more = splitReader.read(batch);
          assertThat(batch.isComplete()).as("every record has its end").isTrue();
          records.addAll(Records.texts(batch));
        }
      }
      return records;
    }

    List<List<@Nullable String>> read(List<Split> splits) {
      List<List<@Nullable String>> records = new ArrayList<>();
      splits.forEach(split -> records.addAll(read(split)));
      return Records.sorted(records);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private Session many() throws Exception {
    return new Session(source(Sample.plain(MANY)));
  }

  /** How long a close or a cancellation may take. */
  protected Duration prompt() {
    return Duration.ofSeconds(5);
  }

  @Test
  void theSchemaIsTheSameWheneverItIsAskedFor() throws Exception {
    SourceFixture source = source(Sample.plain(3));
    try (Session first = new Session(source);
        Session second = new Session(source)) {
      first.plan(2);
      assertThat(first.reader.schema(first.context)).isEqualTo(first.schema);
      assertThat(second.schema).isEqualTo(first.schema);
    }
  }

  @Test
  void whatTheSourceIsDoesNotChangeWhileItIsRead() throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    try (Session first = new Session(source);
        Session second = new Session(source)) {
      Map<String, String> identity = first.reader.identity(first.context);
      first.read(first.plan(2));
      assertThat(first.reader.identity(first.context)).isEqualTo(identity);
      assertThat(second.reader.identity(second.context)).isEqualTo(identity);
    }
  }

  @Test
  void aTargetOfAnotherKindIsNothingOfOurs() throws Exception {
    try (Session session = new Session(source(Sample.plain(3)))) {
      assertThat(session.reader.overlap("another-kind:thing", session.context))
          .isEqualTo(Overlap.NONE);
    }
  }

  @Test
  void aLookShowsTheColumnsAndTheFirstRecords() throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    SourceSpec spec =
        new SourceSpec(
            "look",
            new ConnectorSpec(connector().info().name(), source.options()),
            TaskSettings.defaults(ZoneOffset.UTC),
            true,
            Secrets.NONE);
    SourceLook.Seen columns;
    SourceLook.Seen seen;
    try (SourceLook first = look(spec);
        SourceLook second = look(spec)) {
      columns = first.columns();
      seen = second.records();
    }
    assertThat(columns.records()).isEmpty();
    assertThat(seen.columns()).isEqualTo(columns.columns());
    assertThat(seen.dirty()).isEmpty();
    assertThat(seen.records()).hasSize(LOOK);
    assertThat(source.records()).containsAll(seen.records());
  }

  private SourceLook look(SourceSpec spec) {
    return SourceLook.of(
        spec,
        Connectors.of(connector()),
        new SourceLook.Bounds(LOOK, 1_000, 1_000_000, 1 << 20),
        Clock.systemUTC());
  }

  @Test
  void theHostIsToldWhatIsSecretAndWhereItGoes() {
    Ends.requireDeclared(connector().reader().orElseThrow().options());
  }

  /** A data source holds what reader and writer take, so a test of it can ask for nothing else. */
  @Test
  void aConnectionTestTakesOptionsOfTheReaderAndSaysOneLineWithoutSecrets() throws Exception {
    Optional<ConnectionTest> test = connector().connectionTest();
    assumeTrue(test.isPresent(), "it has no connection test");
    List<ConfigOption<?>> options = test.get().options();
    Ends.requireDeclared(options);
    List<ConfigOption<?>> readers = connector().reader().orElseThrow().options();
    assertThat(options)
        .allSatisfy(
            option ->
                assertThat(readers)
                    .as(option.key())
                    .anyMatch(
                        one ->
                            one.key().equals(option.key())
                                || one.aliases().contains(option.key())));
    SourceFixture source = source(Sample.plain(5));
    String line = ConnectionTests.marked(connector(), source.options());
    assertThat(line).isNotBlank().doesNotContain("\n");
    assertThat(Ends.secrets(readers, source.options()))
        .allSatisfy(secret -> assertThat(line).doesNotContain(secret));
  }

  @Test
  void theDeclaredOptionsAreDistinctAndDescribed() {
    List<ConfigOption<?>> options = connector().reader().orElseThrow().options();
    List<String> spellings = new ArrayList<>();
    for (ConfigOption<?> option : options) {
      assertThat(option.description()).as(option.key()).isNotBlank();
      spellings.add(option.key());
      spellings.addAll(option.aliases());
    }
    assertThat(spellings).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyRecordIsInExactlyOneSplit(int channels) throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    try (Session session = new Session(source)) {
      List<Split> plan = session.plan(channels);
      SameRecords.require(session.read(plan), source.records());
      assertThat(session.context.dirty().entries()).isEmpty();
      session.reader.finish(plan, session.context);
    }
  }

  @Test
  void splitsHaveDistinctIdsAndSayWhatTheyCover() throws Exception {
    try (Session session = many()) {
      SplitPlan plan = session.reader.split(new SplitRequest(4), session.context);
      assertThat(plan.splits()).extracting(Split::id).doesNotHaveDuplicates();
      assertThat(plan.splits()).allSatisfy(s -> assertThat(s.description()).isNotBlank());
      assertThat(plan.rule()).isNotBlank();
      if (has(ReaderAbility.SPLITS)) {
        assertThat(plan.splits()).hasSizeGreaterThan(1);
      }
    }
  }

  @Test
  void aSplitHoldsNoSecret() throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    Set<String> secrets =
        Ends.secrets(connector().reader().orElseThrow().options(), source.options());
    try (Session session = new Session(source)) {
      SplitPlan plan = session.reader.split(new SplitRequest(4), session.context);
      assertThat(secrets).allSatisfy(secret -> assertThat(plan.toString()).doesNotContain(secret));
      assertThat(secrets)
          .allSatisfy(
              secret ->
                  assertThat(session.context.log().lines())
                      .noneMatch(line -> line.contains(secret)));
    }
  }

  @Test
  void aSplitIsOpenedInAnotherProcessFromItsDataAlone() throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    try (Session planner = new Session(source)) {
      List<Split> kept =
          planner.plan(3).stream()
              .map(
                  s ->
                      new Split(
                          s.id(),
                          s.version(),
                          new HashMap<>(s.properties()),
                          s.description(),
                          s.estimatedRecords()))
              .toList();
      // As after a crash: neither prepare nor split is called on this one.
      try (Session other = new Session(source)) {
        SameRecords.require(other.read(kept), source.records());
      }
    }
  }

  @Test
  void aSplitThatIsOpenedTwiceDeliversTheSameRecords() throws Exception {
    try (Session session = many()) {
      for (Split split : session.plan(2)) {
        SameRecords.require(
            Records.sorted(session.read(split)), Records.sorted(session.read(split)));
      }
    }
  }

  @Test
  void severalSplitsAreReadAtOnce() throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Session session = new Session(source)) {
      List<Callable<List<List<@Nullable String>>>> reads = new ArrayList<>();
      session.plan(4).forEach(split -> reads.add(() -> session.read(split)));
      List<List<@Nullable String>> records = new ArrayList<>();
      for (Future<List<List<@Nullable String>>> read : threads.invokeAll(reads)) {
        records.addAll(read.get());
      }
      SameRecords.require(Records.sorted(records), source.records());
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, MANY - 1, MANY, MANY + 1})
  void noRecordIsLostAtTheEdgeOfABatch(int batchRecords) throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    try (Session session = new Session(source)) {
      session.batchRecords = batchRecords;
      SameRecords.require(session.read(session.plan(1)), source.records());
    }
  }

  @Test
  void aSplitThatFillsItsLastBatchExactlyEndsWithNothingLost() throws Exception {
    try (Session session = many()) {
      Split split = session.plan(1).get(0);
      List<List<@Nullable String>> all = session.read(split);
      session.batchRecords = all.size();
      SameRecords.require(session.read(split), all);
    }
  }

  @Test
  void aBatchIsNotFilledBeyondItsBounds() throws Exception {
    try (Session session = many()) {
      session.batchBytes = 300;
      session.batchRecords = 20;
      for (Split split : session.plan(1)) {
        try (SplitReader reader = session.reader.open(split, session.context)) {
          boolean more = true;
          while (more) {
            RecordBatch batch = session.batch();
            more = reader.read(batch);
            assertThat(batch.size()).isLessThanOrEqualTo(20);
            // The record that crosses the bound still fits, none after it.
            batch.truncate(batch.size() - 1);
            assertThat(batch.bytes()).isLessThan(300);
          }
        }
      }
    }
  }

  @Test
  void everyRecordOfASplitHasAPositionOfItsOwn() throws Exception {
    try (Session session = many()) {
      for (Split split : session.plan(2)) {
        Set<Long> positions = new HashSet<>();
        try (SplitReader reader = session.reader.open(split, session.context)) {
          boolean more = true;
          while (more) {
            RecordBatch batch = session.batch();
            more = reader.read(batch);
            for (int row = 0; row < batch.size(); row++) {
              assertThat(positions.add(batch.position(row))).isTrue();
            }
          }
        }
      }
    }
  }

  @Test
  void anEmptySourceDeliversNothing() throws Exception {
    assumeTrue(
        has(ReaderAbility.EMPTY_SOURCE),
        "the source is never empty; runs with ReaderAbility.EMPTY_SOURCE");
    try (Session session = new Session(source(Sample.plain(0)))) {
      assertThat(session.read(session.plan(3))).isEmpty();
    }
  }

  @Test
  void closingInTheMiddleIsPromptAndHarmless() throws Exception {
    SourceFixture source = source(Sample.plain(MANY));
    try (Session session = new Session(source)) {
      List<Split> splits = session.plan(1);
      session.reader.open(splits.get(0), session.context).close();
      SplitReader reader = session.reader.open(splits.get(0), session.context);
      session.batchRecords = 10;
      reader.read(session.batch());
      long start = System.nanoTime();
      reader.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(prompt());
      session.batchRecords = 16_384;
      SameRecords.require(session.read(splits), source.records());
    }
  }

  @Test
  void nothingStaysRegisteredForCancellation() throws Exception {
    try (Session session = many()) {
      session.read(session.plan(2));
      assertThat(session.context.cancellation().registrations()).isZero();
    }
  }

  @Test
  void cancellingEndsAReadThatWaits() throws Exception {
    StallingSource stalling = stallingSource(Sample.plain(MANY));
    assumeTrue(
        stalling != null, "no source that stops answering; runs when stallingSource() gives one");
    try (Session session = new Session(stalling.source())) {
      Split split = session.plan(1).get(0);
      session.batchRecords = 1;
      CompletableFuture<Boolean> firstRead = new CompletableFuture<>();
      CompletableFuture<Void> stalled = new CompletableFuture<>();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try (SplitReader reader = session.reader.open(split, session.context)) {
                  firstRead.complete(reader.read(session.batch()));
                  stalled.join();
                  while (reader.read(session.batch())) {
                    session.context.cancellation().throwIfCancelled();
                  }
                } catch (RuntimeException e) {
                  firstRead.completeExceptionally(e);
                } finally {
                  ended.complete(null);
                }
              });
      thread.setDaemon(true);
      thread.start();
      assertThat(firstRead.get(30, TimeUnit.SECONDS)).isTrue();
      stalling.stall().run();
      stalled.complete(null);
      session.context.cancellation().cancel();
      assertThat(ended).succeedsWithin(prompt());
      assertThat(session.context.cancellation().failures()).isEmpty();
    }
  }

  @Test
  void aValueAboveTheBoundIsDirtyAndItsNeighboursAreDelivered() throws Exception {
    assumeTrue(
        has(ReaderAbility.BOUNDS_VALUES),
        "the reader does not bound values; runs with ReaderAbility.BOUNDS_VALUES");
    int most = 20_000;
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("text", ColumnType.STRING));
    Sample sample =
        Sample.of(
            schema,
            List.of(0L, "before"),
            List.of(1L, "x".repeat(most + 1)),
            List.of(2L, "y".repeat(most)),
            List.of(3L, "behind"));
    Limits limits = new Limits(1 << 20, 16_384, most, 1);
    SourceFixture source = source(sample);
    try (Session session = new Session(source, TestContext.create().withLimits(limits))) {
      List<List<@Nullable String>> expected = new ArrayList<>(sample.texts());
      expected.remove(1);
      SameRecords.require(session.read(session.plan(1)), Records.sorted(expected));
      assertThat(session.context.dirty().entries())
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.reason().column()).isEqualTo("text");
                assertThat(entry.reason().message()).contains(String.valueOf(most + 1));
                assertThat(entry.raw().get(1).byteSize()).isEqualTo(most + 1);
                assertThat(entry.hidden())
                    .as("the message without what it marks with Sensitive.mark")
                    .doesNotContain("xxx");
              });
    }
  }

  @Test
  void everyTypeArrivesBitForBit() throws Exception {
    SourceFixture source = source(Sample.types(types()));
    try (Session session = new Session(source)) {
      SameRecords.require(session.read(session.plan(1)), source.records());
      assertThat(session.context.dirty().entries()).isEmpty();
    }
  }

  @Test
  void closingAReaderThatDidNothingIsHarmless() throws Exception {
    SourceFixture source = source(Sample.plain(1));
    Reader reader = Ends.reader(connector(), source.options(), TestContext.create().task());
    assertThatCode(reader::close).doesNotThrowAnyException();
  }
}
