package io.millrace.api;

import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.List;

/**
 * Tries whether what a data source names can be reached: connects as a task would, logs in, asks
 * for a sign of life, and changes nothing there.
 *
 * <p>Keeps no state: one instance may serve several tests at a time, each on a thread of its own.
 * What a test opened is closed when it returns or throws.
 */
public interface ConnectionTest {

  /**
   * The options of a data source that decide how to connect, the same as those of the reader and
   * the writer. What belongs to a task is not mandatory here, such as a table. A data source may
   * hold further options: these are not looked at. Connects to nothing.
   */
  List<ConfigOption<?>> options();

  /**
   * Connects. Blocks until the other end has answered; ends soon after the cancellation, and by
   * itself within some 25 seconds where nobody answers, so that the error says what was waited for.
   *
   * @param options those of {@link #options()}, checked
   * @return one line that says what answered, such as {@code MySQL 8.0.15 at db:3306/shop as app}:
   *     product, version, place and account, no data and no secret. What is the other end's own
   *     text is marked as {@link Sensitive}
   * @throws MillraceException in one line, why a task could not connect: what, where, what to do
   */
  String test(Options options, StageContext context);
}
