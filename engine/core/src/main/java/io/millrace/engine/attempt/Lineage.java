package io.millrace.engine.attempt;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Who an attempt is among those of one generation of an instance. Each attempt writes to a run
 * directory of its own and reads those of the earlier ones, so that one that was taken for dead and
 * wakes up changes nothing that its successor relies on.
 *
 * @param instanceId the identity in the target's ledger: at most 64 letters, digits and dashes, the
 *     same in every attempt, never that of another instance
 * @param generation 1, and one more each time the instance is started anew
 * @param epoch above those of all earlier attempts of the instance; the target refuses lower ones
 * @param earlier the run directories of all earlier attempts of this generation that may have begun
 * @param abandoned the run directories of the attempts of earlier generations: what they staged in
 *     the target is given up before stage 1. They need not be there
 * @param dirtyDirectory shared by the attempts of this generation
 * @param superseded true as soon as a later attempt of the instance may have begun, as far as it
 *     can be seen: a target that has forgotten the instance after its success cannot refuse an
 *     attempt that was paused before it came to the target
 */
public record Lineage(
    String instanceId,
    int generation,
    long epoch,
    List<Path> earlier,
    List<Path> abandoned,
    Path dirtyDirectory,
    BooleanSupplier superseded) {

  /** An attempt that no later one follows while it runs. */
  public Lineage(
      String instanceId,
      int generation,
      long epoch,
      List<Path> earlier,
      List<Path> abandoned,
      Path dirtyDirectory) {
    this(instanceId, generation, epoch, earlier, abandoned, dirtyDirectory, () -> false);
  }

  public Lineage {
    if (!instanceId.matches("[A-Za-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("bad instance id '" + instanceId + "'");
    }
    if (generation < 1 || epoch < 1) {
      throw new IllegalArgumentException("generation and epoch count from 1");
    }
    earlier = List.copyOf(earlier);
    abandoned = List.copyOf(abandoned);
  }
}
