package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileFault;
import java.io.IOException;

/** Says in one line why a file could not be written. */
final class WriteErrors {

  private WriteErrors() {}

  static MillraceException of(IOException e, String file, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    String reason = FileFault.reason(e);
    boolean full = reason.contains("No space left") || reason.contains("quota");
    return new MillraceException(
        full ? StandardError.RESOURCE : StandardError.WRITE,
        "writing " + file + " failed: " + reason,
        e);
  }
}
