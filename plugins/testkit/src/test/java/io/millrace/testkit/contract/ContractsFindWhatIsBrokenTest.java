package io.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.millrace.api.Connector;
import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.contract.BrokenConnector.SameReader;
import io.millrace.testkit.contract.BrokenConnector.SameWriter;
import io.millrace.testkit.memory.MemoryReaderContractTest;
import io.millrace.testkit.memory.MemoryStagedWriterContractTest;
import io.millrace.testkit.memory.MemoryWriterContractTest;
import io.millrace.testkit.sample.Records;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * A contract test that passes whatever a connector does is worth nothing: each is shown to fail.
 */
class ContractsFindWhatIsBrokenTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(LosesARecordOfFullBatches.class, "noRecordIsLostAtTheEdgeOfABatch(int)"),
        arguments(ReadsASplitTwice.class, "everyRecordIsInExactlyOneSplit(int)"),
        arguments(GivesSplitsOneId.class, "splitsHaveDistinctIdsAndSayWhatTheyCover()"),
        arguments(NeedsItsOwnPlan.class, "aSplitIsOpenedInAnotherProcessFromItsDataAlone()"),
        arguments(OverfillsBatches.class, "aBatchIsNotFilledBeyondItsBounds()"),
        arguments(LeavesARecordOpen.class, "everyRecordIsInExactlyOneSplit(int)"),
        arguments(NamesNoColumns.class, "checkingNamesTheTargetsColumnsAndWritesNothing()"),
        arguments(LeavesARegistration.class, "nothingStaysRegisteredForCancellation()"),
        arguments(DoesNotHearCancel.class, "cancellingEndsAReadThatWaits()"),
        arguments(
            TellsTheValueUnmarked.class, "aRefusedRecordIsDirtyAndItsNeighboursAreWritten(int)"),
        arguments(CountsWhatWasSent.class, "aRefusedRecordIsDirtyAndItsNeighboursAreWritten(int)"),
        arguments(SwallowsTheLimit.class, "theLimitOfDirtyRecordsEndsTheWriteAndNothingIsLeft()"),
        arguments(CommitsOnClose.class, "closingWithoutCommitLeavesNothing()"),
        arguments(CommitsOnClose.class, "aSplitThatWasAbandonedIsWrittenAnewWithoutDoubles()"),
        arguments(KeepsTheBatch.class, "aBatchMayBeUsedAgainAsSoonAsItIsWritten()"),
        arguments(DoesNotFence.class, "takingOverFencesTheEarlierAttempt()"),
        arguments(DoesNotFence.class, "anOlderEpochCannotTakeOver()"),
        arguments(ForgetsCommits.class, "theTargetTellsWhichSplitsAreCommittedAndHow()"),
        arguments(CutsTheSeal.class, "theTargetTellsWhichSplitsAreCommittedAndHow()"),
        arguments(DoesNotHearCancelWriting.class, "cancellingEndsAWriteThatWaits()"),
        arguments(PublishesOnDiscard.class, "discardingRemovesWhatIsNotVisibleAndMayBeRepeated()"),
        arguments(PublishesAtOnce.class, "whatIsCommittedIsThereOnceAfterPublishing()"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenConnectorFailsTheTestOfItsPromise(Class<?> subclass, String test) {
    Events events =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(subclass.getName() + "#" + test))
            .execute()
            .testEvents();

    assertThat(events.started().count()).isPositive();
    assertThat(events.failed().count()).as("failures of " + test).isPositive();
  }

  @Test
  void recordsThatDifferAreToldInOneLine() {
    List<String> messages =
        EngineTestKit.engine("junit-jupiter")
            .selectors(
                selectMethod(
                    LosesARecordOfFullBatches.class.getName()
                        + "#noRecordIsLostAtTheEdgeOfABatch(int)"))
            .execute()
            .testEvents()
            .failed()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .map(result -> String.valueOf(result.getThrowable().orElseThrow().getMessage()))
            .toList();

    assertThat(messages)
        .isNotEmpty()
        .allMatch(each -> each.matches("\\d+ records instead of \\d+; record \\d+.*"))
        .allMatch(each -> each.length() < 600);
  }

  /**
   * A reader contract against a broken reader. Nested classes are not run as tests by the build.
   */
  abstract static class BrokenReader extends MemoryReaderContractTest {
    private final UnaryOperator<Reader> damage;

    BrokenReader(UnaryOperator<Reader> damage) {
      this.damage = damage;
    }

    @Override
    protected Connector connector() {
      return new BrokenConnector(memory, damage, w -> w);
    }
  }

  /** A writer contract against a broken writer. */
  abstract static class BrokenWriter extends MemoryWriterContractTest {
    private final UnaryOperator<Writer> damage;

    BrokenWriter(UnaryOperator<Writer> damage) {
      this.damage = damage;
    }

    @Override
    protected Connector connector() {
      return new BrokenConnector(memory, r -> r, damage);
    }
  }

  /** A reader whose reading of splits is broken. */
  private static Reader reading(Reader right, UnaryOperator<SplitReader> damage) {
    return new SameReader(right) {
      @Override
      public SplitReader open(Split split, ReadContext context) {
        return damage.apply(same.open(split, context));
      }
    };
  }

  /** A writer whose writing of splits is broken. */
  private static Writer writing(Writer right, UnaryOperator<SplitWriter> damage) {
    return new SameWriter(right) {
      @Override
      public SplitWriter open(WriteState state, String splitId, WriteContext context) {
        return damage.apply(same.open(state, splitId, context));
      }
    };
  }

  private static class SameSplitReader implements SplitReader {
    final SplitReader same;

    SameSplitReader(SplitReader same) {
      this.same = same;
    }

    @Override
    public boolean read(RecordBatch into) {
      return same.read(into);
    }

    @Override
    public void close() {
      same.close();
    }
  }

  private static class SameSplitWriter implements SplitWriter {
    final SplitWriter same;

    SameSplitWriter(SplitWriter same) {
      this.same = same;
    }

    @Override
    public long write(RecordBatch batch) {
      return same.write(batch);
    }

    @Override
    public SplitCommit commit(SplitTally tally) {
      return same.commit(tally);
    }

    @Override
    public void close() {
      same.close();
    }
  }

  static class LosesARecordOfFullBatches extends BrokenReader {
    LosesARecordOfFullBatches() {
      super(
          right ->
              reading(
                  right,
                  split ->
                      new SameSplitReader(split) {
                        @Override
                        public boolean read(RecordBatch into) {
                          boolean more = same.read(into);
                          into.truncate(into.isFull() ? into.size() - 1 : into.size());
                          return more;
                        }
                      }));
    }
  }

  static class LeavesARecordOpen extends BrokenReader {
    LeavesARecordOpen() {
      super(
          right ->
              reading(
                  right,
                  split ->
                      new SameSplitReader(split) {
                        @Override
                        public boolean read(RecordBatch into) {
                          boolean more = same.read(into);
                          if (!more) {
                            into.longs(0).append(7);
                          }
                          return more;
                        }
                      }));
    }
  }

  static class NamesNoColumns extends BrokenWriter {
    NamesNoColumns() {
      super(
          right ->
              new SameWriter(right) {
                @Override
                public Schema check(Schema source, StageContext context) {
                  return Schema.of();
                }
              });
    }
  }

  static class OverfillsBatches extends BrokenReader {
    OverfillsBatches() {
      super(
          right ->
              reading(
                  right,
                  split ->
                      new SameSplitReader(split) {
                        @Override
                        public boolean read(RecordBatch into) {
                          RecordBatch large = new RecordBatch(into.schema(), 1 << 20, 1000);
                          boolean more = same.read(large);
                          for (int row = 0; row < large.size(); row++) {
                            into.appendFrom(large, row);
                          }
                          return more;
                        }
                      }));
    }
  }

  static class ReadsASplitTwice extends BrokenReader {
    ReadsASplitTwice() {
      super(
          right ->
              new SameReader(right) {
                @Override
                public SplitPlan split(SplitRequest request, StageContext context) {
                  SplitPlan plan = same.split(request, context);
                  List<Split> splits = new ArrayList<>(plan.splits());
                  Split first = splits.get(0);
                  splits.add(new Split("again", 1, first.properties(), "again", 1));
                  return new SplitPlan(splits, 1, plan.rule());
                }
              });
    }
  }

  static class GivesSplitsOneId extends BrokenReader {
    GivesSplitsOneId() {
      super(
          right ->
              new SameReader(right) {
                @Override
                public SplitPlan split(SplitRequest request, StageContext context) {
                  SplitPlan plan = same.split(request, context);
                  return new SplitPlan(
                      plan.splits().stream()
                          .map(s -> new Split("id", 1, s.properties(), s.description(), 1))
                          .toList(),
                      1,
                      plan.rule());
                }
              });
    }
  }

  static class NeedsItsOwnPlan extends BrokenReader {
    NeedsItsOwnPlan() {
      super(
          right -> {
            AtomicBoolean planned = new AtomicBoolean();
            return new SameReader(right) {
              @Override
              public SplitPlan split(SplitRequest request, StageContext context) {
                planned.set(true);
                return same.split(request, context);
              }

              @Override
              public SplitReader open(Split split, ReadContext context) {
                if (!planned.get()) {
                  throw new IllegalStateException("not planned");
                }
                return same.open(split, context);
              }
            };
          });
    }
  }

  static class LeavesARegistration extends BrokenReader {
    LeavesARegistration() {
      super(
          right ->
              new SameReader(right) {
                @Override
                public SplitReader open(Split split, ReadContext context) {
                  context.cancellation().onCancel(() -> {});
                  return same.open(split, context);
                }
              });
    }
  }

  static class DoesNotHearCancel extends BrokenReader {
    DoesNotHearCancel() {
      super(
          right ->
              new SameReader(right) {
                @Override
                public SplitReader open(Split split, ReadContext context) {
                  return same.open(split, TestContext.create());
                }
              });
    }

    /** What does not end at all is known sooner. */
    @Override
    protected Duration prompt() {
      return Duration.ofMillis(200);
    }
  }

  static class DoesNotHearCancelWriting extends BrokenWriter {
    DoesNotHearCancelWriting() {
      super(
          right ->
              new SameWriter(right) {
                @Override
                public SplitWriter open(WriteState state, String id, WriteContext context) {
                  return same.open(state, id, TestContext.create());
                }
              });
    }

    /** What does not end at all is known sooner. */
    @Override
    protected Duration prompt() {
      return Duration.ofMillis(200);
    }
  }

  static class CountsWhatWasSent extends BrokenWriter {
    CountsWhatWasSent() {
      super(
          right ->
              writing(
                  right,
                  split ->
                      new SameSplitWriter(split) {
                        @Override
                        public long write(RecordBatch batch) {
                          same.write(batch);
                          return batch.size();
                        }
                      }));
    }
  }

  static class SwallowsTheLimit extends BrokenWriter {
    SwallowsTheLimit() {
      super(
          right ->
              writing(
                  right,
                  split ->
                      new SameSplitWriter(split) {
                        @Override
                        public long write(RecordBatch batch) {
                          try {
                            return same.write(batch);
                          } catch (RuntimeException e) {
                            return 0;
                          }
                        }
                      }));
    }
  }

  static class CommitsOnClose extends BrokenWriter {
    CommitsOnClose() {
      super(
          right ->
              writing(
                  right,
                  split ->
                      new SameSplitWriter(split) {
                        @Override
                        public void close() {
                          try {
                            same.commit(new SplitTally(0, 0, 0, 0, ""));
                          } catch (RuntimeException e) {
                            // It was committed before.
                          }
                        }
                      }));
    }
  }

  static class KeepsTheBatch extends BrokenWriter {
    KeepsTheBatch() {
      super(
          right ->
              writing(
                  right,
                  split ->
                      new SameSplitWriter(split) {
                        private final List<RecordBatch> kept = new ArrayList<>();

                        @Override
                        public long write(RecordBatch batch) {
                          kept.add(batch);
                          return batch.size();
                        }

                        @Override
                        public SplitCommit commit(SplitTally tally) {
                          kept.forEach(same::write);
                          return same.commit(tally);
                        }
                      }));
    }
  }

  static class DoesNotFence extends BrokenWriter {
    DoesNotFence() {
      super(
          right ->
              new SameWriter(right) {
                @Override
                public WriteState takeOver(WriteState state, long epoch, StageContext context) {
                  return state;
                }
              });
    }
  }

  static class ForgetsCommits extends BrokenWriter {
    ForgetsCommits() {
      super(
          right ->
              new SameWriter(right) {
                @Override
                public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
                  return Map.of();
                }
              });
    }
  }

  static class CutsTheSeal extends BrokenWriter {
    CutsTheSeal() {
      super(
          right ->
              writing(
                  right,
                  split ->
                      new SameSplitWriter(split) {
                        @Override
                        public SplitCommit commit(SplitTally t) {
                          String seal = t.dirtySeal();
                          String cut = seal.substring(0, Math.min(64, seal.length()));
                          return same.commit(
                              new SplitTally(t.read(), t.written(), t.dirty(), t.bytes(), cut));
                        }
                      }));
    }
  }

  static class PublishesOnDiscard extends MemoryStagedWriterContractTest {
    @Override
    protected Connector connector() {
      return new BrokenConnector(
          memory,
          r -> r,
          right ->
              new SameWriter(right) {
                @Override
                public void discard(WriteState state, StageContext context) {
                  same.publish(state, List.of(), context);
                }
              });
    }
  }

  static class TellsTheValueUnmarked extends BrokenWriter {
    TellsTheValueUnmarked() {
      super(
          right ->
              new SameWriter(right) {
                @Override
                public SplitWriter open(WriteState state, String splitId, WriteContext context) {
                  return same.open(state, splitId, telling(context));
                }
              });
    }

    private static WriteContext telling(WriteContext context) {
      DirtyRecords dirty =
          new DirtyRecords() {
            @Override
            public void add(RecordBatch batch, int row, Reason reason) {
              String values = Records.texts(batch, row).toString();
              context.dirty().add(batch, row, new Reason(reason.code(), values, reason.column()));
            }

            @Override
            public void add(long position, List<RawValue> values, Reason reason) {
              context.dirty().add(position, values, reason);
            }
          };
      return (WriteContext)
          Proxy.newProxyInstance(
              WriteContext.class.getClassLoader(),
              new Class<?>[] {WriteContext.class},
              (proxy, method, arguments) ->
                  method.getName().equals("dirty") ? dirty : method.invoke(context, arguments));
    }
  }

  static class PublishesAtOnce extends MemoryStagedWriterContractTest {
    @Override
    protected Map<String, Object> mode() {
      return Map.of("publish", "direct");
    }
  }
}
