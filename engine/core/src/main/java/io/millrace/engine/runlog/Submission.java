package io.millrace.engine.runlog;

import io.millrace.api.option.ConfigOption;
import java.util.List;

/**
 * What the head of a run log tells.
 *
 * @param job the instance's id
 * @param traceId tells attempts of one instance apart
 * @param pipeline where it runs, such as {@code basecommon_group_1}
 * @param readerOptions what the reader declares, so that secret options are hidden; may be empty
 * @param writerOptions what the writer declares
 */
public record Submission(
    String job,
    String traceId,
    String pipeline,
    List<ConfigOption<?>> readerOptions,
    List<ConfigOption<?>> writerOptions) {

  public Submission {
    readerOptions = List.copyOf(readerOptions);
    writerOptions = List.copyOf(writerOptions);
  }
}
