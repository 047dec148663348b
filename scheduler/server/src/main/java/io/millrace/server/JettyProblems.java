package io.millrace.server;

import io.millrace.server.problem.Problem;
import io.millrace.server.problem.Problems;
import io.millrace.server.route.Json;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Problem documents for what Jetty refuses before a route is asked, without Jetty's own words. */
final class JettyProblems extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Problem problem = Problems.ofStatus(Math.max(400, response.getStatus()));
    response.setStatus(problem.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    // What is left of such a request is not read: the connection cannot be used again.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Content.Sink.write(
        response, true, new String(Json.write(problem), StandardCharsets.UTF_8), callback);
    return true;
  }
}
