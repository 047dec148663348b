package io.millrace.api.write;

/**
 * A split that is committed, as the target knows it.
 *
 * @param splitId the split's id
 * @param tally what was kept with the commit
 */
public record SplitCommit(String splitId, SplitTally tally) {}
