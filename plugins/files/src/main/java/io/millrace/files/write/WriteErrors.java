package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;

/** Says in one line why a file could not be written. */
final class WriteErrors {

  private WriteErrors() {}

  static MillraceException of(IOException e, String file, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    String message = e.getMessage();
    String reason =
        message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    boolean full = reason.contains("No space left") || reason.contains("quota");
    return new MillraceException(
        full ? StandardError.RESOURCE : StandardError.WRITE,
        "writing " + file + " failed: " + Sensitive.mark(reason),
        e);
  }
}
