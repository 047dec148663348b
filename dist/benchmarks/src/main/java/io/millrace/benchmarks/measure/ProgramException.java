package io.millrace.benchmarks.measure;

/** A program that was to be measured failed; the message holds the end of what it said. */
public final class ProgramException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ProgramException(String message) {
    super(message);
  }
}
