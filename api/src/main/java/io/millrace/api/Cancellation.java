package io.millrace.api;

/**
 * Tells that an attempt is being cancelled (by a person, a limit, a failure elsewhere or the stall
 * watchdog). Safe for use by several threads.
 *
 * <p>Whoever is about to block without end, such as on a socket, registers what unblocks it:
 *
 * <pre>{@code
 * try (var registration = context.cancellation().onCancel(connection::abort)) {
 *   statement.execute(sql);
 * }
 * }</pre>
 */
public interface Cancellation {

  /** True once cancelled; never false again. */
  boolean isCancelled();

  /**
   * Throws when cancelled. Call it in loops that do not block.
   *
   * @throws io.millrace.api.error.MillraceException with {@link
   *     io.millrace.api.error.StandardError#CANCELLED}
   */
  void throwIfCancelled();

  /**
   * Runs {@code action} once when cancelled, at once if that has already happened. The action runs
   * on another thread, must return within a second, and may throw: the error is logged.
   *
   * @return closes the registration; afterwards the action does not start any more
   */
  Registration onCancel(Runnable action);

  /** A registration that can be taken back. Closing twice is harmless. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
