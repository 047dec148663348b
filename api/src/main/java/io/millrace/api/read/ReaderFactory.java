package io.millrace.api.read;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.List;

/** Declares a reader's options and makes readers. Stateless; used from any thread. */
public interface ReaderFactory {

  /** Every option the reader knows, in the order documentation shows them. */
  List<ConfigOption<?>> options();

  /**
   * Makes the reader of one attempt. Connects to nothing.
   *
   * @param options checked against {@link #options()}
   * @throws io.millrace.api.error.MillraceException with {@link
   *     io.millrace.api.error.StandardError#CONFIGURATION} when options do not fit together
   */
  Reader create(Options options, TaskContext context);
}
