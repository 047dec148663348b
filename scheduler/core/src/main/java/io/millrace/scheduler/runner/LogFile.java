package io.millrace.scheduler.runner;

import io.millrace.engine.attempt.Stage;
import io.millrace.engine.runlog.RunLog;

/** The logs that an attempt may leave. */
public enum LogFile {
  /** The run log with its five areas. */
  RUN(RunLog.FILE_NAME),
  PRE_PREPARATION(RunLog.fileName(Stage.PRE_PREPARATION)),
  SPLIT(RunLog.fileName(Stage.SPLIT)),
  SYNCHRONIZE(RunLog.fileName(Stage.SYNCHRONIZE)),
  POST_PREPARATION(RunLog.fileName(Stage.POST_PREPARATION));

  private final String fileName;

  LogFile(String fileName) {
    this.fileName = fileName;
  }

  /** The file's name within the attempt's directory. */
  public String fileName() {
    return fileName;
  }
}
