package io.millrace.server.route;

import org.jspecify.annotations.Nullable;

/** What a route does. Called on a request's thread; may block. */
@FunctionalInterface
public interface Operation {

  /**
   * Carries out the request. The caller is known and has the route's role.
   *
   * @return null for 204, an {@link Answer} as it is, an {@link
   *     io.millrace.server.event.EventSource} as a stream of events, anything else as JSON with 200
   * @throws Exception becomes a problem document; see {@link io.millrace.server.problem.Problems}
   */
  @Nullable Object handle(Request request) throws Exception;
}
