package io.millrace.server.event;

import java.io.IOException;

/** An answer that flows while it comes into being. */
@FunctionalInterface
public interface EventSource {

  /**
   * Writes events until there are no more, the client is gone, {@link EventWriter#open} is false or
   * the server stops. Called on the request's thread; the thread is interrupted when the server
   * stops.
   */
  void stream(EventWriter out) throws IOException, InterruptedException;
}
