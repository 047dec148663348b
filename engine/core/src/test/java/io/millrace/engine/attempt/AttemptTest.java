package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.WriteContext;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.state.StateStore;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.DirtyLimit;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AttemptTest {

  private static final TaskSettings SETTINGS =
      TaskSettings.defaults(ZoneOffset.UTC)
          .withRetries(3, Duration.ofMillis(5))
          .withSizes(80, 1 << 20);

  @TempDir Path directory;
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

  private Attempt attempt(FakeConnector fake, TaskSettings settings, boolean resume) {
    ConnectorSpec end = new ConnectorSpec("fake", Map.of("table", "t"));
    TaskSpec task = new TaskSpec("numbers", end, end, settings, true, List.of(), List.of());
    return Attempt.create(
        new AttemptRequest(task, directory.resolve("run"), resume),
        Connectors.of(fake),
        Clock.systemUTC(),
        new WarningsLog(warnings));
  }

  private AttemptResult run(FakeConnector fake, TaskSettings settings) {
    return attempt(fake, settings, false).run();
  }

  private static void assertExact(FakeConnector fake) {
    assertThat(fake.committed())
        .containsExactlyElementsOf(
            LongStream.range(0, (long) fake.splits * fake.recordsPerSplit).boxed().toList());
  }

  @Test
  void everyRecordArrivesOnceAndTheCountsSaySo() {
    FakeConnector fake = new FakeConnector(7, 1000);
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.error()).isNull();
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.read()).isEqualTo(7000);
    assertThat(result.written()).isEqualTo(7000);
    assertThat(result.bytes()).isEqualTo(56_000);
    assertThat(result.splits()).isEqualTo(7);
    assertThat(result.channels()).isEqualTo(3);
    assertThat(result.stages())
        .extracting(AttemptResult.StageTime::name)
        .containsExactly(Stage.values());
    assertThat(fake.calls).containsExactly("prepare", "split", "publish", "forget");
    assertExact(fake);
  }

  @Test
  void whatTheWriterSkipsIsCountedApart() {
    FakeConnector fake = new FakeConnector(3, 1000);
    fake.skipEach = 10;
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.read()).isEqualTo(3000);
    assertThat(result.written()).isEqualTo(2700);
    assertThat(result.skipped()).isEqualTo(300);
    assertThat(result.dirty()).isZero();
    assertThat(result.diagnosis()).contains("300 of 3000 records were skipped");
    assertThat(fake.committed()).hasSize(2700);
  }

  @Test
  void aSourceWithoutSplitsSucceedsWithNothing() {
    FakeConnector fake = new FakeConnector(0, 0);
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.read()).isZero();
    assertThat(fake.calls).contains("publish");
  }

  @Test
  void concurrencyStaysBelowWhatTheSplitRuleAllows() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    FakeConnector fake =
        new FakeConnector(6, 200) {
          @Override
          long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            long written = super.onWrite(split, batch, kept, context);
            now.decrementAndGet();
            return written;
          }
        };
    fake.maxConcurrency = 1;
    assertThat(run(fake, SETTINGS).channels()).isEqualTo(1);
    assertThat(most).hasValue(1);
    assertExact(fake);
  }

  @Test
  void aSplitThatFailsInTheMiddleIsTriedAgainFromItsBeginning() {
    AtomicInteger failures = new AtomicInteger(2);
    FakeConnector fake =
        new FakeConnector(3, 500) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            if (split.equals("s1") && record == 333 && failures.getAndDecrement() > 0) {
              throw new MillraceException(StandardError.READ, "the connection was lost");
            }
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.read()).isEqualTo(1500);
    assertThat(warnings).anyMatch(line -> line.contains("split s1 try 1"));
    assertExact(fake);
  }

  @Test
  void aFaultOfTheUserIsNotTriedAgain() {
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            throw new MillraceException(StandardError.READ_REFUSED, "no such table: t");
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.FAIL);
    assertThat(result.error().code()).isEqualTo("DBUtilErrorCode-07");
    assertThat(result.error().message()).isEqualTo("no such table: t");
    assertThat(fake.openedReaders).hasValue(1);
    assertThat(fake.committed()).isEmpty();
  }

  @Test
  void retriesEndAndTheirLastErrorIsTold() {
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            throw new MillraceException(StandardError.READ, "gone");
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.error().message()).isEqualTo("gone");
    assertThat(fake.openedReaders).hasValue(4);
  }

  @Test
  void aCommitWhoseAnswerWasLostIsFoundInTheLedgerAndNotRepeated() {
    AtomicInteger lost = new AtomicInteger(1);
    FakeConnector fake =
        new FakeConnector(4, 100) {
          @Override
          void afterCommit(String split) {
            if (split.equals("s2") && lost.getAndDecrement() > 0) {
              throw new MillraceException(StandardError.WRITE, "no answer to COMMIT");
            }
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.written()).isEqualTo(400);
    assertThat(fake.openedReaders).hasValue(4);
    assertExact(fake);
  }

  @Test
  void aCommitWhoseRequestWasLostIsRepeated() {
    AtomicInteger lost = new AtomicInteger(1);
    FakeConnector fake =
        new FakeConnector(4, 100) {
          @Override
          void beforeCommit(String split) {
            if (split.equals("s2") && lost.getAndDecrement() > 0) {
              throw new MillraceException(StandardError.WRITE, "connection reset");
            }
          }
        };
    assertThat(run(fake, SETTINGS).state()).isEqualTo(RunState.SUCCESS);
    assertThat(fake.openedReaders).hasValue(5);
    assertExact(fake);
  }

  @Test
  void aCommitThatArrivesLateIsNotDoubledAndItsDirtyRecordsStay() throws IOException {
    // Try 1: a dirty record, the commit is sent, no answer, and the ledger does not show it yet.
    // It shows up while try 2 runs, whose own commit is then refused.
    AtomicInteger tries = new AtomicInteger();
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
            context.dirty().add(batch, 0, reason("bad"));
            for (int i = 1; i < batch.size(); i++) {
              kept.add(batch.longs(0).get(i));
            }
            return batch.size() - 1;
          }

          @Override
          void beforeCommit(String split) {
            if (tries.incrementAndGet() == 1) {
              throw new MillraceException(StandardError.WRITE, "no answer");
            }
            rows.put("s0", LongStream.range(1, 10).boxed().toList());
            ledger.put("s0", new io.millrace.api.write.SplitCommit("s0", lateTally()));
          }

          private io.millrace.api.write.SplitTally lateTally() {
            Path file = directory.resolve("run/dirty/s0.1-1.jsonl");
            String seal = file.getFileName() + " " + sha256(file);
            return new io.millrace.api.write.SplitTally(10, 9, 1, 80, seal);
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.error()).isNull();
    assertThat(result.dirty()).isEqualTo(1);
    assertThat(result.written()).isEqualTo(9);
    try (var files = Files.list(directory.resolve("run/dirty"))) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("s0.1-1.jsonl");
    }
  }

  private static String sha256(Path file) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException | java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWriterThatSilentlyDropsOneRecordEndsInFail() {
    FakeConnector fake =
        new FakeConnector(3, 100) {
          @Override
          long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
            long written = super.onWrite(split, batch, kept, context);
            return kept.contains(150L) ? written - 1 : written;
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.FAIL);
    assertThat(result.error().message()).contains("a record would be lost or doubled");
    assertThat(fake.committed()).doesNotContain(150L);
    assertThat(fake.calls).doesNotContain("publish");
  }

  private static FakeConnector withDirty(int splits, int perSplit, int everyNth) {
    return new FakeConnector(splits, perSplit) {
      @Override
      long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
        long written = 0;
        for (int i = 0; i < batch.size(); i++) {
          long value = batch.longs(0).get(i);
          if (value % everyNth == 0) {
            context.dirty().add(batch, i, reason("divisible by " + everyNth));
          } else {
            kept.add(value);
            written++;
          }
        }
        return written;
      }
    };
  }

  @Test
  void dirtyRecordsAreCountedKeptAndTheirNeighboursAreWritten() throws IOException {
    FakeConnector fake = withDirty(4, 100, 10);
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.dirty()).isEqualTo(40);
    assertThat(result.written()).isEqualTo(360);
    List<String> lines = new ArrayList<>();
    try (var files = Files.list(directory.resolve("run/dirty"))) {
      for (Path file : files.toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertThat(lines).hasSize(40);
    assertThat(lines)
        .contains(
            "{\"split\":\"s1\",\"position\":10,\"type\":\"writer\",\"code\":\"TEST\","
                + "\"exception\":\"divisible by 10\",\"column\":\"id\",\"record\":[{\"index\":0,"
                + "\"name\":\"id\",\"type\":\"INT64\",\"byteSize\":8,\"rawData\":\"110\"}]}");
  }

  @Test
  void limitZeroFailsWithTheFirstDirtyRecordAndNamesBothNumbers() {
    FakeConnector fake = withDirty(1, 1000, 500);
    AttemptResult result = run(fake, SETTINGS.withDirtyLimit(DirtyLimit.ofRecords(0)));
    assertThat(result.state()).isEqualTo(RunState.FAIL);
    assertThat(result.error().code()).isEqualTo("Framework-14");
    assertThat(result.error().message()).contains("1 dirty").contains("tolerates 0");
    assertThat(result.dirty()).isEqualTo(1);
    assertThat(result.written()).isZero();
    assertThat(directory.resolve("run/dirty/s0.1-1.uncommitted.jsonl")).isRegularFile();
  }

  @Test
  void aLimitOfNToleratesNAndNoMore() {
    assertThat(
            run(withDirty(2, 100, 10), SETTINGS.withDirtyLimit(DirtyLimit.ofRecords(20))).state())
        .isEqualTo(RunState.SUCCESS);
  }

  @Test
  void oneMoreThanNFails() {
    AttemptResult result =
        run(withDirty(2, 100, 10), SETTINGS.withDirtyLimit(DirtyLimit.ofRecords(19)));
    assertThat(result.error().message()).contains("20 dirty").contains("tolerates 19");
  }

  @Test
  void aShareAboveThePercentageFailsAndNamesBothNumbers() {
    AttemptResult result =
        run(withDirty(2, 100, 4), SETTINGS.withDirtyLimit(new DirtyLimit(Long.MAX_VALUE, 0.1)));
    assertThat(result.error().code()).isEqualTo("Framework-14");
    assertThat(result.error().message()).contains("tolerates a share of 0.1");
  }

  @Test
  void dirtyRecordsOfATryThatIsGivenUpDoNotCount() throws IOException {
    AtomicInteger failures = new AtomicInteger(1);
    FakeConnector fake =
        new FakeConnector(1, 100) {
          @Override
          long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
            context.dirty().add(batch, 0, reason("first of its batch"));
            for (int i = 1; i < batch.size(); i++) {
              kept.add(batch.longs(0).get(i));
            }
            if (batch.longs(0).get(0) > 50 && failures.getAndDecrement() > 0) {
              throw new MillraceException(StandardError.WRITE, "deadlock");
            }
            return batch.size() - 1;
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(result.dirty()).isEqualTo(10);
    assertThat(Files.readAllLines(directory.resolve("run/dirty/s0.1-2.jsonl"))).hasSize(10);
    assertThat(directory.resolve("run/dirty/s0.1-1.jsonl.open")).doesNotExist();
  }

  @Test
  void resumeMovesOnlyTheSplitsThatAreNotCommittedAndRepeatsNoStageOne() {
    AtomicInteger lives = new AtomicInteger(1);
    FakeConnector fake =
        new FakeConnector(6, 100) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            if (split.equals("s4") && lives.get() > 0) {
              throw new MillraceException(StandardError.READ_REFUSED, "stop here");
            }
          }
        };
    TaskSettings one = SETTINGS.withChannels(1);
    assertThat(attempt(fake, one, false).run().splitsCommitted()).isEqualTo(4);
    lives.set(0);
    AttemptResult second = attempt(fake, one, true).run();
    assertThat(second.error()).isNull();
    assertThat(second.read()).isEqualTo(600);
    assertThat(fake.calls).containsExactly("prepare", "split", "takeOver", "publish", "forget");
    assertThat(fake.openedReaders).hasValue(7);
    assertExact(fake);
  }

  @Test
  void resumeOfASuccessRunsNothingAgain() {
    FakeConnector fake = new FakeConnector(2, 10);
    assertThat(attempt(fake, SETTINGS, false).run().state()).isEqualTo(RunState.SUCCESS);
    AttemptResult again = attempt(fake, SETTINGS, true).run();
    assertThat(again.state()).isEqualTo(RunState.SUCCESS);
    assertThat(again.written()).isEqualTo(20);
    assertThat(fake.openedReaders).hasValue(2);
  }

  private AttemptResult continued(FakeConnector fake, int epoch, List<Path> earlier) {
    ConnectorSpec end = new ConnectorSpec("fake", Map.of("table", "t"));
    Lineage lineage =
        new Lineage("i-1", 1, epoch, earlier, List.of(), directory.resolve("dirty-of-all"));
    return Attempt.create(
            AttemptRequest.of(
                new TaskSpec("numbers", end, end, SETTINGS, true, List.of(), List.of()),
                directory.resolve("attempt-" + epoch),
                lineage),
            Connectors.of(fake),
            Clock.systemUTC(),
            new WarningsLog(warnings))
        .run();
  }

  @Test
  void anAttemptThatALaterOneHasFollowedWritesNothing() {
    for (int answers : new int[] {0, 1}) {
      // Paused before it comes to the target, or while the target prepares.
      AtomicInteger asked = new AtomicInteger();
      FakeConnector fake = new FakeConnector(2, 10);
      ConnectorSpec end = new ConnectorSpec("fake", Map.of("table", "t"));
      Path run = directory.resolve("superseded-" + answers);
      Lineage lineage =
          new Lineage(
              "i-" + answers,
              1,
              1,
              List.of(),
              List.of(),
              run.resolve("dirty"),
              () -> asked.getAndIncrement() >= answers);
      AttemptResult result =
          Attempt.create(
                  AttemptRequest.of(
                      new TaskSpec("numbers", end, end, SETTINGS, true, List.of(), List.of()),
                      run,
                      lineage),
                  Connectors.of(fake),
                  Clock.systemUTC(),
                  new WarningsLog(warnings))
              .run();
      assertThat(result.error().code()).isEqualTo(StandardError.FENCED.code());
      assertThat(fake.openedReaders).hasValue(0);
      assertThat(fake.committed()).isEmpty();
    }
  }

  /** As a target does that has forgotten the instance, because it succeeded or was given up. */
  private static MillraceException forgotten() {
    return new MillraceException(StandardError.FENCED, "not in the ledger any more");
  }

  @Test
  void whoTakesOverWhatHasSucceededMeanwhileFindsTheSuccess() {
    Path first = directory.resolve("attempt-1");
    FakeConnector fake =
        new FakeConnector(2, 10) {
          @Override
          void onPublish(StageContext context) {
            throw new MillraceException(StandardError.WRITE_REFUSED, "paused");
          }

          @Override
          void onTakeOver() {
            try (StateStore store = StateStore.open(first.resolve("state"))) {
              store.save(
                  store.load().orElseThrow().withSucceeded(new SplitTally(20, 20, 0, 160, "")));
            }
            throw forgotten();
          }
        };
    assertThat(continued(fake, 1, List.of()).state()).isEqualTo(RunState.FAIL);
    AttemptResult second = continued(fake, 2, List.of(first));
    assertThat(second.error()).isNull();
    assertThat(second.state()).isEqualTo(RunState.SUCCESS);
    assertThat(second.written()).isEqualTo(20);
    assertThat(fake.calls).containsExactly("prepare", "split", "publish", "takeOver", "forget");
  }

  @Test
  void whoTakesOverWhatWasGivenUpWritesNothingTwice() {
    FakeConnector fake =
        new FakeConnector(2, 10) {
          @Override
          void onPublish(StageContext context) {
            throw new MillraceException(StandardError.WRITE_REFUSED, "paused");
          }

          @Override
          void onTakeOver() {
            throw forgotten();
          }
        };
    continued(fake, 1, List.of());
    fake.ledger.clear();
    AttemptResult second = continued(fake, 2, List.of(directory.resolve("attempt-1")));
    assertThat(second.error().message()).contains("not in the ledger any more");
    assertThat(fake.openedReaders).hasValue(2);
    assertExact(fake);
  }

  @Test
  void aRunDirectoryIsNotUsedTwiceWithoutResume() {
    FakeConnector fake = new FakeConnector(1, 10);
    attempt(fake, SETTINGS, false).run();
    assertThat(attempt(fake, SETTINGS, false).run().error().message())
        .contains("holds an earlier run");
  }

  @Test
  void resumeOfADirectoryInWhichNothingHasBegunBegins() {
    FakeConnector unreachable =
        new FakeConnector(2, 10) {
          @Override
          void onSchema() {
            throw new MillraceException(StandardError.CONNECT, "cannot be reached");
          }
        };
    assertThat(attempt(unreachable, SETTINGS, false).run().stages()).isEmpty();
    assertThat(attempt(unreachable, SETTINGS, true).run().error().message()).contains("reached");
    FakeConnector fake = new FakeConnector(2, 10);
    AttemptResult result = attempt(fake, SETTINGS, true).run();
    assertThat(result.error()).isNull();
    assertThat(fake.calls).containsExactly("prepare", "split", "publish", "forget");
    assertExact(fake);
  }

  @Test
  void aRunThatWasGivenUpIsNotBegunByAResume() {
    FakeConnector fake =
        new FakeConnector(1, 1) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            throw new MillraceException(StandardError.READ_REFUSED, "stop here");
          }
        };
    attempt(fake, SETTINGS, false).run();
    ConnectorSpec end = new ConnectorSpec("fake", Map.of("table", "t"));
    Discard.run(
        new TaskSpec("numbers", end, end, SETTINGS, true, List.of(), List.of()),
        directory.resolve("run"),
        Connectors.of(fake),
        Clock.systemUTC(),
        line -> {});
    assertThat(attempt(fake, SETTINGS, true).run().error().message())
        .contains("was given up; start anew in another run directory");
  }

  @Test
  void aTargetWithoutLedgerIsToldAsAtLeastOnceAndResumesByTheLocalList() {
    AtomicInteger lives = new AtomicInteger(1);
    FakeConnector fake =
        new FakeConnector(4, 10) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            if (split.equals("s2") && lives.get() > 0) {
              throw new MillraceException(StandardError.READ_REFUSED, "stop here");
            }
          }
        };
    fake.guarantee = Guarantee.AT_LEAST_ONCE;
    TaskSettings one = SETTINGS.withChannels(1);
    assertThat(attempt(fake, one, false).run().guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
    assertThat(warnings).anyMatch(line -> line.contains("at least once"));
    lives.set(0);
    fake.ledger.clear();
    AttemptResult second = attempt(fake, one, true).run();
    assertThat(second.error()).isNull();
    assertThat(second.guaranteeReason()).isEqualTo("it keeps no ledger");
    assertThat(second.read()).isEqualTo(40);
    assertThat(fake.openedReaders).hasValue(5);
  }

  @Test
  void anAttemptThatWasTakenOverCannotCommit() {
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          void beforeCommit(String split) {
            epoch = 99;
          }
        };
    AttemptResult result = run(fake, SETTINGS);
    assertThat(result.error().code()).isEqualTo(StandardError.FENCED.code());
    assertThat(fake.committed()).isEmpty();
  }

  @Test
  void cancelEndsAnAttemptWhoseReaderWaitsForItsCancellation() throws InterruptedException {
    CountDownLatch reading = new CountDownLatch(1);
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            CountDownLatch unblocked = new CountDownLatch(1);
            try (var registration = context.cancellation().onCancel(unblocked::countDown)) {
              reading.countDown();
              unblocked.await();
              throw new MillraceException(StandardError.READ, "socket closed");
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    Attempt attempt = attempt(fake, SETTINGS, false);
    Thread canceller =
        new Thread(
            () -> {
              try {
                reading.await();
                attempt.cancel("stopped by the operator");
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    canceller.start();
    AttemptResult result = attempt.run();
    assertThat(result.cancelled()).isTrue();
    assertThat(result.error().message()).isEqualTo("stopped by the operator");
    canceller.join();
  }

  @Test
  void cancelLeavesBehindWhatDoesNotAnswer() {
    CountDownLatch never = new CountDownLatch(1);
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          void onPrepare(StageContext context) {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    Attempt attempt = attempt(fake, SETTINGS, false);
    attempt.cancel("stopped by the operator");
    long begin = System.nanoTime();
    AttemptResult result = attempt.run();
    assertThat(result.state()).isEqualTo(RunState.FAIL);
    assertThat(result.cancelled()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    never.countDown();
  }

  @Test
  void aSourceThatDoesNotAnswerIsEndedByTheWatchdog() {
    CountDownLatch never = new CountDownLatch(1);
    FakeConnector fake =
        new FakeConnector(1, 10) {
          @Override
          void onRead(String split, int record, ReadContext context) {
            context.cancellation().onCancel(never::countDown);
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            context.cancellation().throwIfCancelled();
          }
        };
    AttemptResult result = run(fake, SETTINGS.withStallTimeout(Duration.ofMillis(300)));
    assertThat(result.cancelled()).isFalse();
    assertThat(result.error().message()).contains("no channel made progress");
  }

  @Test
  void oneByteLimitIsSharedByAllChannels() {
    FakeConnector fake = new FakeConnector(4, 1000);
    long begin = System.nanoTime();
    AttemptResult result =
        run(fake, SETTINGS.withSizes(1 << 20, 1 << 20).withRate(64_000, 0).withChannels(4));
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(System.nanoTime() - begin).isGreaterThan(480_000_000L);
    assertThat(result.throttledSeconds()).isGreaterThan(0.4);
  }

  @Test
  void unknownOptionsAndConnectorsAreNamed() {
    ConnectorSpec end = new ConnectorSpec("fake", Map.of("tabel", "t"));
    TaskSpec task = new TaskSpec("numbers", end, end, SETTINGS, true, List.of(), List.of());
    AttemptResult result =
        Attempt.create(
                new AttemptRequest(task, directory.resolve("run"), false),
                Connectors.of(new FakeConnector(1, 1)),
                Clock.systemUTC(),
                new WarningsLog(warnings))
            .run();
    assertThat(result.error().message())
        .contains("option 'table' is missing")
        .contains("option 'tabel' is unknown; did you mean 'table'?");
  }

  @Test
  void attemptsInOneProcessShareNothing() throws InterruptedException {
    Map<Integer, AttemptResult> results = new ConcurrentHashMap<>();
    List<FakeConnector> fakes = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      FakeConnector fake = withDirty(3, 50 * (i + 1), 10);
      fakes.add(fake);
      ConnectorSpec end = new ConnectorSpec("fake", Map.of("table", "t"));
      TaskSpec task = new TaskSpec("n" + i, end, end, SETTINGS, true, List.of(), List.of());
      Attempt attempt =
          Attempt.create(
              new AttemptRequest(task, directory.resolve("run" + i), false),
              Connectors.of(fake),
              Clock.systemUTC(),
              new WarningsLog(warnings));
      Thread thread = new Thread(() -> results.put(number, attempt.run()));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < 8; i++) {
      assertThat(results.get(i).read()).isEqualTo(150L * (i + 1));
      assertThat(results.get(i).dirty()).isEqualTo(15L * (i + 1));
      assertThat(fakes.get(i).committed()).hasSize(135 * (i + 1));
    }
  }

  /** Keeps warnings only. */
}
