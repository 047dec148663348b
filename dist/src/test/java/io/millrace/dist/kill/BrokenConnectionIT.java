package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Breaks the connections of a running sync, and compares with an undisturbed run. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrokenConnectionIT {

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.millrace.dist.kill.Kind#all")
  void aConnectionCutInTheMiddleOfASplitCostsNoRowAndNeedsNoResume(Kind kind) throws Exception {
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, Sync.UNHURRIED)) {
      CompletableFuture<Void> cut =
          sync.proxy().when(BytePattern.text("LOAD DATA"), 3, Action.CUT_AFTER);
      Run run = sync.start(false);
      Run.Result result = run.await().assertSuccess();
      assertThat(cut).isDone();
      sync.assertExact(result);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.millrace.dist.kill.Kind#all")
  void aCommitWithoutAnAnswerCostsNoRowAndNeedsNoResume(Kind kind) throws Exception {
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, Sync.UNHURRIED)) {
      CompletableFuture<Void> cut = sync.proxy().when(BytePattern.commit(), 8, Action.CUT_AFTER);
      Run.Result result = sync.start(false).await().assertSuccess();
      assertThat(cut).isDone();
      sync.assertExact(result);
    }
  }

  @Test
  void connectionsKilledByTheServerCostNoRow() throws Exception {
    Kind kind = new Kind(false, "direct");
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, Sync.SLOW)) {
      Run run = sync.start(false);
      while (run.isAlive() && sync.committed() == 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      sync.killConnections();
      sync.assertExact(run.await().assertSuccess());
    }
  }
}
