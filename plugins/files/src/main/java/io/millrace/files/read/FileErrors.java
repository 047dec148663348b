package io.millrace.files.read;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.BrokenConnection;
import io.millrace.files.store.FileFault;
import java.io.EOFException;
import java.io.IOException;

/** Says in one line what is wrong with the bytes of a file. */
final class FileErrors {

  private FileErrors() {}

  static MillraceException of(IOException e, String file, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    if (e instanceof EOFException) {
      return new MillraceException(
          StandardError.READ_REFUSED,
          file + " ends in the middle of its compressed data: it is cut off; write it again",
          e);
    }
    return new MillraceException(
        e instanceof BrokenConnection ? StandardError.READ : StandardError.READ_REFUSED,
        file + " cannot be read: " + FileFault.reason(e),
        e);
  }
}
