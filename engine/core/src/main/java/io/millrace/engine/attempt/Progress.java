package io.millrace.engine.attempt;

import org.jspecify.annotations.Nullable;

/**
 * A look at a running attempt. Immutable.
 *
 * @param state where it is
 * @param stage the stage that runs, or null outside stages
 * @param read records delivered by the reader, dirty ones included
 * @param written records the target accepted
 * @param dirty records that were kept instead of written
 * @param dirtyBytes their bytes
 * @param bytes bytes delivered by the reader
 * @param splitsDone committed splits
 * @param splits all splits; 0 before stage 2 has ended
 * @param share progress of stage 3 from 0 to 1, from finished splits and the records done in
 *     running ones
 * @param seconds since the attempt started running
 */
public record Progress(
    RunState state,
    @Nullable Stage stage,
    long read,
    long written,
    long dirty,
    long dirtyBytes,
    long bytes,
    int splitsDone,
    int splits,
    double share,
    double seconds) {}
