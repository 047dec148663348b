package io.millrace.files.store;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The output to one file that nobody sees before it is completed. Used by one thread. Writes block
 * until the store has taken what does not fit into the memory of one part.
 */
public abstract class StagedOutput extends OutputStream {

  @Override
  public final void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * Writes all bytes of a staged file of the same store, copied within the store as far as it can.
   *
   * @param part was made readable by {@link FileStore#makeReadable}; it stays as it is
   * @throws IOException also when it is gone, or has another size than it was staged with
   */
  public abstract void append(StagedFile part) throws IOException;

  /** The bytes written so far. */
  public abstract long size();

  /**
   * Hands the rest over, so that it survives whatever happens to this process.
   *
   * @throws IOException when the store did not take every byte
   */
  public abstract StagedFile finish() throws IOException;

  /** Gives back what it holds; without a finish before, removes what was staged. Does not throw. */
  @Override
  public abstract void close();
}
