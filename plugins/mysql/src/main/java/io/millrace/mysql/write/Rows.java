package io.millrace.mysql.write;

import io.millrace.api.record.RecordBatch;
import java.util.Arrays;

/** The records of a batch that are to be written, by their index. Used again for every batch. */
final class Rows {

  private RecordBatch batch;
  private int[] indexes = new int[256];
  private int size;

  Rows(RecordBatch batch) {
    this.batch = batch;
  }

  /** Empties it for another batch. */
  void reset(RecordBatch other) {
    batch = other;
    size = 0;
    if (indexes.length < other.size()) {
      indexes = new int[Math.max(other.size(), indexes.length * 2)];
    }
  }

  void add(int row) {
    if (size == indexes.length) {
      indexes = Arrays.copyOf(indexes, size * 2);
    }
    indexes[size++] = row;
  }

  RecordBatch batch() {
    return batch;
  }

  int size() {
    return size;
  }

  /** The index in the batch of the {@code i}th record that is to be written. */
  int row(int i) {
    return indexes[i];
  }
}
