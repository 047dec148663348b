package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReadContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.WriteContext;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.DirtyLimit;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SUCCESS is said only of what was asked for again: commits, ends, counts. */
@Timeout(60)
class ExactnessTest {

  private static final TaskSettings SETTINGS =
      TaskSettings.defaults(ZoneOffset.UTC)
          .withRetries(2, Duration.ofMillis(5))
          .withSizes(80, 1 << 20);

  @TempDir Path directory;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  private static TaskSpec task(TaskSettings settings) {
    ConnectorSpec end = new ConnectorSpec("fake", Map.of("table", "t"));
    return new TaskSpec("numbers", end, end, settings, true, List.of(), List.of());
  }

  private AttemptResult run(FakeConnector fake, TaskSettings settings, boolean resume) {
    return Attempt.create(
            new AttemptRequest(task(settings), directory.resolve("run"), resume),
            Connectors.of(fake),
            Clock.systemUTC(),
            new WarningsLog(lines))
        .run();
  }

  private AttemptResult run(FakeConnector fake) {
    return run(fake, SETTINGS, false);
  }

  private static void assertFailed(AttemptResult result, StandardError error, String... words) {
    assertThat(result.state()).isEqualTo(RunState.FAIL);
    AttemptResult.Failure failure = result.error();
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(error.code());
    assertThat(failure.message()).contains(words);
  }

  private static void assertExact(FakeConnector fake) {
    assertThat(fake.committed())
        .containsExactlyElementsOf(
            LongStream.range(0, (long) fake.splits * fake.recordsPerSplit).boxed().toList());
  }

  /** A target that loses these splits, once each, while another one is committed. */
  private static FakeConnector losing(Set<String> splits) {
    Set<String> left = ConcurrentHashMap.newKeySet();
    left.addAll(splits);
    return new FakeConnector(5, 100) {
      @Override
      void afterCommit(String split) {
        if (left.remove(split)) {
          ledger.remove(split);
          rows.remove(split);
        }
      }
    };
  }

  @Test
  void whatTheTargetHadAcknowledgedAndLostIsMovedAgainBeforeItIsPublished() {
    FakeConnector fake = losing(Set.of("s0", "s3"));

    AttemptResult result = run(fake);

    assertThat(result.error()).isNull();
    assertExact(fake);
    assertThat(result.read()).isEqualTo(500);
    assertThat(result.written()).isEqualTo(500);
    assertThat(result.splitsCommitted()).isEqualTo(5);
    assertThat(lines)
        .anyMatch(line -> line.contains("2 of 5 splits that the target had committed"));
    assertThat(fake.calls).containsOnlyOnce("publish");
  }

  @Test
  void dirtyRecordsOfALostSplitAreKeptOnce() {
    FakeConnector fake =
        new FakeConnector(3, 10) {
          private boolean lost;

          @Override
          long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
            context.dirty().add(batch, 0, reason("the first of each batch"));
            for (int i = 1; i < batch.size(); i++) {
              kept.add(batch.longs(0).get(i));
            }
            return batch.size() - 1;
          }

          @Override
          void afterCommit(String split) {
            if (split.equals("s1") && !lost) {
              lost = true;
              ledger.remove(split);
              rows.remove(split);
            }
          }
        };

    AttemptResult result = run(fake, SETTINGS.withDirtyLimit(DirtyLimit.ofRecords(3)), false);

    assertThat(result.error()).isNull();
    assertThat(result.dirty()).isEqualTo(3);
    assertThat(result.written()).isEqualTo(27);
    assertThat(fake.committed()).hasSize(27);
  }

  @Test
  void aTargetThatLosesTheSameSplitAgainAndAgainFailsTheTask() {
    FakeConnector fake =
        new FakeConnector(5, 100) {
          @Override
          void afterCommit(String split) {
            if (split.equals("s2")) {
              ledger.remove(split);
              rows.remove(split);
            }
          }
        };

    assertFailed(
        run(fake), StandardError.WRITE_REFUSED, "1 of 5 splits", "for the 3. time", "flush_log");
    assertThat(fake.calls).doesNotContain("publish");
  }

  @Test
  void anotherCommitThanTheAcknowledgedOneFailsTheTask() {
    FakeConnector fake =
        new FakeConnector(2, 100) {
          @Override
          void afterCommit(String split) {
            ledger.put(split, new SplitCommit(split, new SplitTally(99, 99, 0, 792, "")));
          }
        };

    assertFailed(run(fake), StandardError.INTERNAL, "read=100", "the target has", "read=99");
    assertThat(fake.calls).doesNotContain("publish");
  }

  @Test
  void aTargetWithoutALedgerSaysThatLostCommitsAreNotNoticed() {
    FakeConnector fake = losing(Set.of());
    fake.guarantee = Guarantee.AT_LEAST_ONCE;

    assertThat(run(fake).error()).isNull();
    assertThat(lines)
        .anyMatch(line -> line.contains("at least once") && line.contains("then loses"));
  }

  private static FakeConnector refusing() {
    return new FakeConnector(2, 50) {
      @Override
      long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
        for (int i = 0; i < batch.size(); i++) {
          context.dirty().add(batch, i, reason("no"));
        }
        return 0;
      }
    };
  }

  @Test
  void aTaskWhoseEveryRecordWasDirtyFailsBeforeItPublishes() {
    FakeConnector fake = refusing();

    assertFailed(
        run(fake),
        StandardError.DIRTY_LIMIT,
        "every record was dirty: 100 read, 0 written; the last: id: no");
    assertThat(fake.calls).doesNotContain("publish");
  }

  @Test
  void unlessTheTaskItselfToleratesSoMany() {
    FakeConnector fake = refusing();

    AttemptResult result = run(fake, SETTINGS.withDirtyLimit(DirtyLimit.ofRecords(100)), false);

    assertThat(result.error()).isNull();
    assertThat(result.dirty()).isEqualTo(100);
    assertThat(lines).anyMatch(line -> line.contains("0 written: 100 records read were all dirty"));
  }

  @Test
  void aReaderThatLeavesARecordWithoutItsEndIsAtFault() {
    FakeConnector fake =
        new FakeConnector(2, 100) {
          @Override
          void onEnd(String split, RecordBatch into) {
            into.longs(0).append(7);
          }
        };

    assertFailed(run(fake), StandardError.INTERNAL, "left a record without its end");
    assertThat(fake.committed()).isEmpty();
  }

  @Test
  void aWriterThatNamesNoOrTooFewColumnsIsAtFault() {
    FakeConnector fake = losing(Set.of());
    fake.checked = () -> null;
    assertFailed(run(fake), StandardError.INTERNAL, "the writer names no columns for 1");
    fake.checked = Schema::of;
    assertFailed(run(fake), StandardError.INTERNAL, "names 0 columns for 1");
    assertThat(fake.calls).isEmpty();
  }

  @Test
  void theReaderOfASplitIsToldTheTargetsColumnsAlsoWhereTheAttemptResumes() {
    Schema target = Schema.of(FakeConnector.SCHEMA.field(0).withNativeType("int"));
    List<Schema> told = new CopyOnWriteArrayList<>();
    AtomicBoolean fails = new AtomicBoolean(true);
    FakeConnector fake =
        new FakeConnector(2, 1) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            told.add(context.target());
            if (split.equals("s1") && fails.getAndSet(false)) {
              throw new MillraceException(StandardError.READ_REFUSED, "not yet");
            }
          }
        };
    fake.checked = () -> target;

    assertFailed(run(fake), StandardError.READ_REFUSED, "not yet");
    int before = told.size();
    assertThat(run(fake, SETTINGS, true).error()).isNull();

    assertThat(told).hasSizeGreaterThan(before).containsOnly(target);
  }

  @Test
  void anotherSourceUnderTheSameNameFailsTheTaskBeforeItPublishes() {
    FakeConnector fake =
        new FakeConnector(2, 100) {
          @Override
          void afterCommit(String split) {
            sourceIdentity = Map.of("topic 't'", "B");
          }
        };
    fake.sourceIdentity = Map.of("topic 't'", "A");

    assertFailed(
        run(fake), StandardError.READ_REFUSED, "the source's topic 't'", "was A, is B", "resume");
    assertThat(fake.calls).doesNotContain("publish");
  }

  @Test
  void aTargetThatWasMadeAgainIsNotedAtResumeBeforeAnythingIsWritten() {
    FakeConnector fake =
        new FakeConnector(2, 100) {
          @Override
          void onPublish(StageContext context) {
            throw new MillraceException(StandardError.WRITE_REFUSED, "not yet");
          }
        };
    fake.targetIdentity = Map.of("topic 'u'", "A");
    assertFailed(run(fake), StandardError.WRITE_REFUSED, "not yet");

    fake.targetIdentity = Map.of();

    assertFailed(
        run(fake, SETTINGS, true), StandardError.WRITE_REFUSED, "the target's topic 'u' is gone");
    assertThat(fake.calls).doesNotContain("takeOver");
  }

  @Test
  void aTaskThatReadsWhatItWritesIsRefusedByTheRunAndByTheCheck() {
    FakeConnector fake = losing(Set.of());
    fake.overlap = new Overlap(Overlap.Kind.CERTAIN, "table t is read and written");

    assertFailed(run(fake), StandardError.CONFIGURATION, "table t is read and written");
    assertThat(fake.calls).isEmpty();
    try (DryRun check =
        DryRun.of(task(SETTINGS), Connectors.of(fake), Clock.systemUTC(), line -> {})) {
      assertThatThrownBy(check::plan).hasMessageContaining("read and written");
    }
  }

  @Test
  void whatMayBeOneIsWarnedOf() {
    FakeConnector fake = losing(Set.of());
    fake.overlap = new Overlap(Overlap.Kind.POSSIBLE, "table t may be both");

    assertThat(run(fake).error()).isNull();
    assertThat(lines).contains("table t may be both");
  }
}
