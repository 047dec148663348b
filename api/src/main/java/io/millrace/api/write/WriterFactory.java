package io.millrace.api.write;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.List;

/** Declares a writer's options and makes writers. Stateless; used from any thread. */
public interface WriterFactory {

  /** Every option the writer knows, in the order documentation shows them. */
  List<ConfigOption<?>> options();

  /**
   * Makes the writer of one attempt. Connects to nothing.
   *
   * @param options checked against {@link #options()}
   * @throws io.millrace.api.error.MillraceException with {@link
   *     io.millrace.api.error.StandardError#CONFIGURATION} when options do not fit together
   */
  Writer create(Options options, TaskContext context);
}
