package io.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.Connector;
import io.millrace.api.Sensitive;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.Attempt;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Lineage;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.DirtyLimit;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.SameRecords;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a connector and the engine promise together: the other end is in memory and fails on
 * command. A connector that can only read, or only write, leaves out the other hook.
 */
@Timeout(120)
public abstract class AttemptContractTest {

  private static final int RECORDS = 600;
  private static final int SPLIT_RECORDS = 60;
  private static final String MEMORY = "other-end";
  private static final TaskSettings SETTINGS =
      TaskSettings.defaults(ZoneId.of("Europe/Berlin"))
          .withChannels(3)
          .withRetries(3, Duration.ofMillis(10))
          .withSizes(1000, 1 << 20);

  private final MemoryConnector memory = new MemoryConnector(MEMORY);

  @TempDir private Path directory;

  /** The connector that is tested. */
  protected abstract Connector connector();

  /** A new source that holds a sample; null when the connector cannot read. */
  protected @Nullable SourceFixture source(Sample sample) throws Exception {
    return null;
  }

  /** A new empty target; null when the connector cannot write. */
  protected @Nullable TargetFixture target(Schema schema) throws Exception {
    return null;
  }

  /** Whether the writer can do this; all by default. */
  protected boolean has(WriterAbility ability) {
    return true;
  }

  /** Records of which the target refuses some; null when it takes everything. */
  protected @Nullable RefusedRecords refusedRecords() throws Exception {
    return null;
  }

  /**
   * Has a target lose what it has acknowledged and not yet published, as a server does that crashes
   * before its log is on disk: some splits' records together with their entries in the ledger.
   *
   * @return the number of splits lost; 0 when the target cannot be made to lose any
   */
  protected int loseCommits(TargetFixture target) throws Exception {
    return 0;
  }

  private SourceFixture needSource(Sample sample) throws Exception {
    SourceFixture source = source(sample);
    assumeTrue(source != null, "the connector does not read; runs when source() gives a fixture");
    return source;
  }

  private TargetFixture needTarget(Schema schema) throws Exception {
    TargetFixture target = target(schema);
    assumeTrue(target != null, "the connector does not write; runs when target() gives a fixture");
    return target;
  }

  private ConnectorSpec mine(Map<String, Object> options) {
    return new ConnectorSpec(connector().info().name(), options);
  }

  private static ConnectorSpec other(MemoryTable table) {
    Map<String, Object> options = new HashMap<>(Map.of("table", table.name()));
    return new ConnectorSpec(MEMORY, options);
  }

  private ConnectorSpec reading(MemoryTable table) {
    return new ConnectorSpec(MEMORY, Map.of("table", table.name(), "splitRecords", SPLIT_RECORDS));
  }

  private Attempt attempt(
      ConnectorSpec reader, ConnectorSpec writer, TaskSettings settings, boolean resume) {
    TaskSpec task = new TaskSpec("contract", reader, writer, settings, true, List.of(), List.of());
    return new Engine(Connectors.of(memory, connector()), Clock.systemUTC())
        .attempt(new AttemptRequest(task, directory.resolve("run"), resume), line -> {});
  }

  private AttemptResult run(ConnectorSpec reader, ConnectorSpec writer) {
    return attempt(reader, writer, SETTINGS, false).run();
  }

  private void assertSuccess(AttemptResult result, long written, long dirty) {
    assertThat(result.error()).isNull();
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.written()).isEqualTo(written);
    assertThat(result.dirty()).isEqualTo(dirty);
    assertThat(result.read()).isEqualTo(written + dirty);
    assertThat(result.splitsCommitted()).isEqualTo(result.splits());
  }

  private void assertHolds(TargetFixture target, List<List<@Nullable String>> expected) {
    if (has(WriterAbility.LOOKS_BACK)) {
      SameRecords.require(target.records(), Records.sorted(expected));
    }
  }

  /** How many dirty records the run directory keeps. */
  private long dirtyLines() throws IOException {
    Path dirty = directory.resolve("run/dirty");
    if (!Files.isDirectory(dirty)) {
      return 0;
    }
    long lines = 0;
    try (Stream<Path> files = Files.list(dirty)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        lines += Files.readAllLines(file).size();
      }
    }
    return lines;
  }

  @Test
  void everyRecordOfTheSourceArrivesOnce() throws Exception {
    Sample sample = Sample.plain(RECORDS);
    SourceFixture source = needSource(sample);
    MemoryTable target = memory.table("target", sample.schema());

    AttemptResult result = run(mine(source.options()), other(target));

    assertSuccess(result, source.records().size(), 0);
    SameRecords.require(Records.sorted(target.texts()), source.records());
  }

  @Test
  void everyRecordArrivesOnceInTheTarget() throws Exception {
    Sample sample = Sample.plain(RECORDS);
    TargetFixture target = needTarget(sample.schema());

    AttemptResult result = run(reading(memory.table("source", sample)), mine(target.options()));

    assertSuccess(result, RECORDS, 0);
    assertThat(result.guarantee())
        .isEqualTo(
            has(WriterAbility.EXACTLY_ONCE) ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE);
    assertHolds(target, sample.texts());
  }

  @Test
  void theConnectorReadsAndWritesInOneTask() throws Exception {
    Sample sample = Sample.plain(RECORDS);
    SourceFixture source = needSource(sample);
    TargetFixture target = needTarget(sample.schema());

    AttemptResult result = run(mine(source.options()), mine(target.options()));

    assertSuccess(result, source.records().size(), 0);
    assertHolds(target, source.records());
  }

  @Test
  void anEmptySourceIsASuccess() throws Exception {
    Sample sample = Sample.plain(0);
    TargetFixture target = needTarget(sample.schema());

    assertSuccess(run(reading(memory.table("source", sample)), mine(target.options())), 0, 0);
    assertHolds(target, List.of());
  }

  @Test
  void aSplitThatIsTriedAgainDoublesNothing() throws Exception {
    assumeTrue(
        has(WriterAbility.EXACTLY_ONCE),
        "the target promises at least once; runs with WriterAbility.EXACTLY_ONCE");
    Sample sample = Sample.plain(RECORDS);
    TargetFixture target = needTarget(sample.schema());
    MemoryTable source = memory.table("source", sample);
    source.faults().failReadAt(59, 2);
    source.faults().failReadAt(330, 3);

    AttemptResult result = run(reading(source), mine(target.options()));

    assertSuccess(result, RECORDS, 0);
    assertHolds(target, sample.texts());
  }

  @Test
  void whatTheTargetAcknowledgedAndLostIsMovedAgain() throws Exception {
    Sample sample = Sample.plain(RECORDS);
    TargetFixture target = needTarget(sample.schema());
    MemoryTable source = memory.table("source", sample);
    CompletableFuture<Integer> lost = new CompletableFuture<>();
    source
        .faults()
        .callAt(
            RECORDS - 1,
            () -> {
              try {
                lost.complete(loseCommits(target));
              } catch (Exception e) {
                lost.completeExceptionally(e);
              }
            });

    AttemptResult result =
        attempt(reading(source), mine(target.options()), SETTINGS.withChannels(1), false).run();

    assumeTrue(lost.join() > 0, "no target that loses commits; runs when loseCommits() does");
    assertSuccess(result, RECORDS, 0);
    assertHolds(target, sample.texts());
  }

  @Test
  void whatCannotBeReadIsDirtyAndDoesNotStopTheRest() throws Exception {
    Sample sample = Sample.plain(RECORDS);
    TargetFixture target = needTarget(sample.schema());
    MemoryTable source = memory.table("source", sample);
    List<List<@Nullable String>> expected = new ArrayList<>(sample.texts());
    // The try that fails after it must not leave its dirty records behind.
    source.faults().failReadAt(110, has(WriterAbility.EXACTLY_ONCE) ? 2 : 0);
    for (int bad : new int[] {599, 300, 100, 61, 60, 0}) {
      source.faults().unreadable(bad);
      expected.remove(bad);
    }

    AttemptResult result = run(reading(source), mine(target.options()));

    assertSuccess(result, RECORDS - 6, 6);
    assertThat(dirtyLines()).isEqualTo(6);
    assertHolds(target, expected);
  }

  @Test
  void whatTheTargetRefusesIsDirtyAndDoesNotStopTheRest() throws Exception {
    RefusedRecords refused = refusedRecords();
    assumeTrue(
        refused != null, "the target refuses no record; runs when refusedRecords() names some");
    Sample sample = refused.sample();
    int dirty = refused.refused().size();

    AttemptResult result =
        run(reading(memory.table("source", sample)), mine(refused.target().options()));

    assertSuccess(result, sample.size() - dirty, dirty);
    assertThat(dirtyLines()).isEqualTo(dirty);
  }

  @Test
  void aLimitOfDirtyRecordsFailsTheTask() throws Exception {
    RefusedRecords refused = refusedRecords();
    assumeTrue(
        refused != null, "the target refuses no record; runs when refusedRecords() names some");
    MemoryTable source = memory.table("source", refused.sample());

    AttemptResult result =
        attempt(
                reading(source),
                mine(refused.target().options()),
                SETTINGS.withDirtyLimit(DirtyLimit.ofRecords(0)),
                false)
            .run();

    assertFailed(result, StandardError.DIRTY_LIMIT);
    if (has(WriterAbility.STAGES)) {
      assertHolds(refused.target(), List.of());
    }
  }

  @Test
  void aRunThatFailedIsResumedAndEndsAsIfNothingHadHappened() throws Exception {
    assumeTrue(
        has(WriterAbility.EXACTLY_ONCE),
        "the target promises at least once; runs with WriterAbility.EXACTLY_ONCE");
    Sample sample = Sample.plain(RECORDS);
    TargetFixture target = needTarget(sample.schema());
    MemoryTable source = memory.table("source", sample);
    source.faults().unreadable(5);
    source.faults().unreadable(422);
    source.faults().failReadAt(415, 5);
    TaskSettings noRetry = SETTINGS.withChannels(1).withRetries(0, Duration.ZERO);
    List<List<@Nullable String>> expected = new ArrayList<>(sample.texts());
    expected.remove(422);
    expected.remove(5);

    AttemptResult first = attempt(reading(source), mine(target.options()), noRetry, false).run();
    assertFailed(first, StandardError.READ);
    assertThat(first.splitsCommitted()).isEqualTo(6);
    AttemptResult again = attempt(reading(source), mine(target.options()), noRetry, true).run();
    assertFailed(again, StandardError.READ);
    AttemptResult last = attempt(reading(source), mine(target.options()), SETTINGS, true).run();

    assertSuccess(last, RECORDS - 2, 2);
    assertThat(dirtyLines()).isEqualTo(2);
    assertHolds(target, expected);
  }

  @Test
  void cancellingEndsTheAttemptAndItCanBeResumed() throws Exception {
    Sample sample = Sample.plain(RECORDS);
    TargetFixture target = needTarget(sample.schema());
    MemoryTable source = memory.table("source", sample);
    source.faults().block();
    Attempt attempt = attempt(reading(source), mine(target.options()), SETTINGS, false);
    CompletableFuture<AttemptResult> running = CompletableFuture.supplyAsync(attempt::run);
    assertThat(source.faults().awaitBlocked(Duration.ofSeconds(30))).isTrue();

    attempt.cancel("the test wants it to end");

    AttemptResult cancelled = running.get(10, TimeUnit.SECONDS);
    assertFailed(cancelled, StandardError.CANCELLED);
    assertThat(cancelled.cancelled()).isTrue();
    source.faults().unblock();
    assertSuccess(
        attempt(reading(source), mine(target.options()), SETTINGS, true).run(), RECORDS, 0);
    assertHolds(target, sample.texts());
  }

  @Test
  void whatAViewerIsShownOfTheLogsHoldsNoValueOfARow() throws Exception {
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("text", ColumnType.STRING));
    List<List<Object>> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(List.of(777_000_000L + i, "Zvalue-" + i));
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    Sample sample = Sample.of(schema, records.toArray(new List[0]));
    SourceFixture source = source(sample);
    TargetFixture target = target(schema);
    List<String> values = List.of("777000", "Zvalue");
    if (source != null) {
      MemoryTable other = memory.table("target", schema);
      assertHidden(onAServer("reading", mine(source.options()), other(other)), values);
    }
    if (target != null) {
      MemoryTable other = memory.table("source", sample);
      assertHidden(onAServer("writing", reading(other), mine(target.options())), values);
    }
  }

  @Test
  void whatAViewerIsShownOfTheLogsHoldsNoValueThatTheTargetRefuses() throws Exception {
    RefusedRecords refused = refusedRecords();
    assumeTrue(
        refused != null, "the target refuses no record; runs when refusedRecords() names some");
    MemoryTable source = memory.table("source", refused.sample());
    // A shorter one may be a part of a time or of a path.
    List<String> values =
        refused.sample().texts().stream()
            .flatMap(List::stream)
            .filter(text -> text != null && text.strip().length() >= 8)
            .map(String::strip)
            .toList();
    assertHidden(onAServer("refused", reading(source), mine(refused.target().options())), values);
  }

  /** The directory of an attempt that ran as a server runs it. */
  private Path onAServer(String name, ConnectorSpec reader, ConnectorSpec writer) {
    TaskSpec task = new TaskSpec("contract", reader, writer, SETTINGS, true, List.of(), List.of());
    Path run = directory.resolve(name);
    Lineage lineage =
        new Lineage("contract-" + name, 1, 1, List.of(), List.of(), run.resolve("dirty"));
    AttemptResult result =
        new Engine(Connectors.of(memory, connector()), Clock.systemUTC())
            .attempt(AttemptRequest.of(task, run, lineage), line -> {})
            .run();
    assertThat(result.error()).isNull();
    return run;
  }

  private static void assertHidden(Path run, List<String> values) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        for (String line : Files.readAllLines(file)) {
          assertThat(Sensitive.hidden(line))
              .as("what is not marked with Sensitive.mark in %s", file.getFileName())
              .satisfies(shown -> values.forEach(value -> assertThat(shown).doesNotContain(value)));
        }
      }
    }
  }

  private static void assertFailed(AttemptResult result, StandardError error) {
    assertThat(result.state()).isEqualTo(RunState.FAIL);
    assertThat(result.error())
        .isNotNull()
        .extracting(AttemptResult.Failure::code)
        .isEqualTo(error.code());
  }
}
