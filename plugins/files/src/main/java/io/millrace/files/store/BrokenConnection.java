package io.millrace.files.store;

import java.io.IOException;

/** A file could not be read on for a reason that another try may overcome. */
public final class BrokenConnection extends IOException {

  private static final long serialVersionUID = 1L;

  public BrokenConnection(String message, Throwable cause) {
    super(message, cause);
  }
}
