package io.millrace.benchmarks.work;

/** What arrived is not what was sent; a benchmark that finds this has failed. */
public final class MismatchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MismatchException(String message) {
    super(message);
  }
}
