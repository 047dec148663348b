package io.millrace.engine.attempt;

import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.write.Guarantee;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt came to. Immutable; written to the result file as it is.
 *
 * @param state {@link RunState#SUCCESS} or {@link RunState#FAIL}
 * @param cancelled true when it failed because somebody cancelled it
 * @param read records delivered by the reader, dirty ones included
 * @param written records that are committed in the target
 * @param skipped records of committed splits that the writer left out because the task says so
 * @param dirty records that were kept instead of written
 * @param bytes bytes delivered by the reader
 * @param seconds wall time from start to end
 * @param recordsPerSecond read records per second of stage 3
 * @param channels channels that were used
 * @param splits splits of the plan
 * @param splitsCommitted splits that are committed
 * @param guarantee what the target promised; null when it was not reached
 * @param guaranteeReason why it is not exactly once, else empty
 * @param stages one entry for each stage that was begun
 * @param readWaitSeconds how long channels waited for the reader, summed over channels
 * @param writeWaitSeconds how long channels waited for the writer, summed over channels
 * @param throttledSeconds how long channels waited for the rate limit, summed over channels
 * @param diagnosis one paragraph for people
 * @param error what failed, or null on success
 */
public record AttemptResult(
    RunState state,
    boolean cancelled,
    long read,
    long written,
    long skipped,
    long dirty,
    long bytes,
    double seconds,
    double recordsPerSecond,
    int channels,
    int splits,
    int splitsCommitted,
    @Nullable Guarantee guarantee,
    String guaranteeReason,
    List<StageTime> stages,
    double readWaitSeconds,
    double writeWaitSeconds,
    double throttledSeconds,
    String diagnosis,
    @Nullable Failure error) {

  public AttemptResult {
    stages = List.copyOf(stages);
  }

  /** What an attempt came to that was refused before it read or wrote anything. */
  public static AttemptResult refused(MillraceException error, boolean cancelled) {
    return new AttemptResult(
        RunState.FAIL,
        cancelled,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        null,
        "",
        List.of(),
        0,
        0,
        0,
        "",
        new Failure(
            error.errorCode().code(),
            error.errorCode().kind().name(),
            String.valueOf(error.getMessage())));
  }

  /**
   * Whether its input is wrong, or it was refused for another reason that its author can mend,
   * before any stage was begun.
   */
  public boolean wasRefused() {
    return error != null && error.kind().equals(ErrorKind.USER.name()) && stages.isEmpty();
  }

  /**
   * When a stage ran.
   *
   * @param name the stage
   * @param start its begin
   * @param end its end
   * @param seconds wall time
   * @param omitted true when there was nothing to do or an earlier attempt had done it
   */
  public record StageTime(
      Stage name, Instant start, Instant end, double seconds, boolean omitted) {}

  /**
   * What failed.
   *
   * @param code the code that people search for
   * @param kind whose fault it is: USER, EXTERNAL, RESOURCE or INTERNAL
   * @param message one line: what, where, what to do
   */
  public record Failure(String code, String kind, String message) {}
}
