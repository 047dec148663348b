package io.millrace.engine.state;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.WriteState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of one instance as its run directory keeps it. Immutable.
 *
 * @param format the version of this form
 * @param task the task's name
 * @param fingerprint identifies what the task moves and how; a resume with another one is refused
 * @param instanceId the identity in the target's ledger
 * @param generation see {@link io.millrace.api.write.WritePlan#generation()}
 * @param epoch of the newest attempt
 * @param source the reader's columns; null before they were known
 * @param sourceIdentity what the source said it is, see {@link
 *     io.millrace.api.read.Reader#identity}; null before that was known
 * @param writeState what stage 1 prepared; null before it ended
 * @param targetIdentity what the target said it is at the end of stage 1; null before
 * @param planned true once stage 2's splits are kept
 * @param succeeded true once the instance is SUCCESS; nothing runs again
 * @param total the sum over all splits once it succeeded, else null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AttemptState(
    int format,
    String task,
    String fingerprint,
    String instanceId,
    int generation,
    long epoch,
    @Nullable Schema source,
    @Nullable Map<String, String> sourceIdentity,
    @Nullable WriteState writeState,
    @Nullable Map<String, String> targetIdentity,
    boolean planned,
    boolean succeeded,
    @Nullable SplitTally total) {

  public static final int FORMAT = 1;

  /** A new instance before its first attempt. */
  public static AttemptState begin(String task, String fingerprint, String instanceId) {
    return begin(task, fingerprint, instanceId, 1);
  }

  /** A new generation of an instance before its first attempt. */
  public static AttemptState begin(
      String task, String fingerprint, String instanceId, int generation) {
    return new AttemptState(
        FORMAT,
        task,
        fingerprint,
        instanceId,
        generation,
        0,
        null,
        null,
        null,
        null,
        false,
        false,
        null);
  }

  /** The state of the next attempt. */
  public AttemptState nextEpoch() {
    return withEpoch(epoch + 1);
  }

  /** The state of a newer attempt. */
  public AttemptState withEpoch(long newer) {
    return new AttemptState(
        format,
        task,
        fingerprint,
        instanceId,
        generation,
        newer,
        source,
        sourceIdentity,
        writeState,
        targetIdentity,
        planned,
        succeeded,
        total);
  }

  /** The state once the source is known. */
  public AttemptState withSource(Schema schema, Map<String, String> identity) {
    return new AttemptState(
        format,
        task,
        fingerprint,
        instanceId,
        generation,
        epoch,
        schema,
        identity,
        writeState,
        targetIdentity,
        planned,
        succeeded,
        total);
  }

  /** The state once stage 1 has ended. */
  public AttemptState withWriteState(WriteState state, Map<String, String> identity) {
    return new AttemptState(
        format,
        task,
        fingerprint,
        instanceId,
        generation,
        epoch,
        source,
        sourceIdentity,
        state,
        identity,
        planned,
        succeeded,
        total);
  }

  public AttemptState withPlanned() {
    return withPlanned(true);
  }

  /** The state of an attempt that has yet to find out which plan counts. */
  public AttemptState withoutPlan() {
    return withPlanned(false);
  }

  private AttemptState withPlanned(boolean isPlanned) {
    return new AttemptState(
        format,
        task,
        fingerprint,
        instanceId,
        generation,
        epoch,
        source,
        sourceIdentity,
        writeState,
        targetIdentity,
        isPlanned,
        succeeded,
        total);
  }

  public AttemptState withSucceeded(SplitTally sum) {
    return new AttemptState(
        format,
        task,
        fingerprint,
        instanceId,
        generation,
        epoch,
        source,
        sourceIdentity,
        writeState,
        targetIdentity,
        planned,
        true,
        sum);
  }
}
