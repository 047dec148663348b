package io.millrace.api.write;

/**
 * What the engine counted in one try of a split.
 *
 * @param read records the reader delivered, dirty ones included
 * @param written records the writer's calls said were accepted
 * @param dirty records given to the dirty records
 * @param bytes bytes of the records that were delivered
 * @param dirtySeal identifies the sealed file of dirty records of this try; empty when there are
 *     none; at most 200 characters
 */
public record SplitTally(long read, long written, long dirty, long bytes, String dirtySeal) {

  /** Records that are neither written nor dirty: the task has the writer leave them out. */
  public long skipped() {
    return read - written - dirty;
  }
}
