package io.millrace.engine.attempt;

import io.millrace.api.StageContext;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;

/** What a connector's calls outside splits are given. */
record CallContext(TaskContext task, StageLog log, CancellationSource cancellation)
    implements StageContext {}
