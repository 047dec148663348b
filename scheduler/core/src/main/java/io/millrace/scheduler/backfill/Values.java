package io.millrace.scheduler.backfill;

import io.millrace.scheduler.task.TaskVersion;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;

/** Works out the values that an instance gets for its life. Safe for use by several threads. */
@FunctionalInterface
public interface Values {

  /**
   * The values.
   *
   * @param expressions the task's parameters, with those of the backfill in their place
   * @throws io.millrace.api.error.MillraceException in one line, when one cannot be worked out
   */
  Map<String, String> of(
      TaskVersion version,
      Map<String, String> expressions,
      LocalDate businessDate,
      LocalDateTime scheduledTime);
}
