package io.millrace.server.route;

/** The HTTP methods that routes use. */
public enum Method {
  GET,
  POST,
  PUT,
  PATCH,
  DELETE;

  /** True when a request may change something, so that a session has to prove it was meant. */
  public boolean changes() {
    return this != GET;
  }
}
