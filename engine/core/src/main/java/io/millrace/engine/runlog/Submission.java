package io.millrace.engine.runlog;

import io.millrace.api.option.ConfigOption;
import java.util.List;

/**
 * What the head of a run log tells.
 *
 * @param dispatch where the attempt comes from and where it runs
 * @param readerOptions what the reader declares, so that secret options are hidden; may be empty
 * @param writerOptions what the writer declares
 */
public record Submission(
    Dispatch dispatch, List<ConfigOption<?>> readerOptions, List<ConfigOption<?>> writerOptions) {

  public Submission {
    readerOptions = List.copyOf(readerOptions);
    writerOptions = List.copyOf(writerOptions);
  }

  /** An attempt that nobody dispatched. */
  Submission(
      String job,
      String traceId,
      String pipeline,
      List<ConfigOption<?>> readerOptions,
      List<ConfigOption<?>> writerOptions) {
    this(new Dispatch(job, traceId, pipeline, null, List.of()), readerOptions, writerOptions);
  }
}
