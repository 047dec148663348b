package io.millrace.engine.attempt;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Makes the threads of an attempt. */
final class Threads {

  private Threads() {}

  /**
   * A thread that does not keep the process alive and logs under its maker's diagnostic context.
   */
  static Thread daemon(String name, Runnable work) {
    Map<String, @Nullable String> context = MDC.getCopyOfContextMap();
    Thread thread =
        new Thread(
            () -> {
              if (context != null) {
                MDC.setContextMap(context);
              }
              work.run();
            },
            name);
    thread.setDaemon(true);
    return thread;
  }
}
