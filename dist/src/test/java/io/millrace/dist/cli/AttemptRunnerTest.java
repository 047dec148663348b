package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.StandardError;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptRunnerTest {

  private static AttemptResult failed(ErrorCode code, String message, int committed) {
    return new AttemptResult(
        RunState.FAIL,
        false,
        4,
        0,
        0,
        4,
        1,
        1,
        1,
        1,
        2,
        committed,
        null,
        "",
        List.of(),
        0,
        0,
        0,
        "",
        new AttemptResult.Failure(code.code(), code.kind().name(), message));
  }

  @Test
  void aResumeIsOfferedWhereItCanHelp() {
    String message = "the server does not answer";
    assertThat(AttemptRunner.canGoOn(failed(StandardError.WRITE, message, 1), true)).isTrue();
    assertThat(AttemptRunner.canGoOn(failed(StandardError.CONNECT, message, 0), false)).isTrue();
    assertThat(AttemptRunner.canGoOn(failed(StandardError.DIRTY_LIMIT, "2 dirty", 1), true))
        .isTrue();
    String changed =
        "the table has changed; undo the change and resume, or run the task from scratch";
    assertThat(AttemptRunner.canGoOn(failed(StandardError.WRITE_REFUSED, changed, 1), true))
        .isTrue();
  }

  @Test
  void aResumeThatCannotHelpIsNotOffered() {
    assertThat(AttemptRunner.canGoOn(failed(StandardError.ACCESS_DENIED, "no", 0), false))
        .isFalse();
    assertThat(AttemptRunner.canGoOn(failed(StandardError.ACCESS_DENIED, "no", 0), true)).isTrue();
    assertThat(
            AttemptRunner.canGoOn(
                failed(StandardError.CONFIGURATION, "the names tell no one format", 0), true))
        .isFalse();
    assertThat(
            AttemptRunner.canGoOn(
                failed(StandardError.DIRTY_LIMIT, "every record was dirty", 2), true))
        .isFalse();
  }
}
