package io.millrace.server.route;

import java.util.List;

/** One resource of the API: a small class whose methods are the operations. */
public interface Routes {

  /** Its routes, the same at every call. */
  List<Route> routes();

  /** Ends what it does beside answering. Called once, when no request comes any more. */
  default void close() {}
}
