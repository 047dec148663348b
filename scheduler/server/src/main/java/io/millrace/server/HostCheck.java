package io.millrace.server;

import io.javalin.http.Context;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses requests for other hosts: a page of a stranger's site can have its name point to this
 * machine, and its requests then look to the browser as if they stayed at home.
 */
final class HostCheck {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> hosts;
  private final boolean everyName;

  HostCheck(String listeningOn, Set<String> hosts) {
    this.hosts = hosts;
    this.everyName =
        hosts.isEmpty()
            && !listeningOn.equals("localhost")
            && !listeningOn.startsWith("127.")
            && !listeningOn.equals("::1");
  }

  void check(Context context) {
    String host = context.header("Host");
    if (!everyName && (host == null || !known(withoutPort(host.toLowerCase(Locale.ROOT))))) {
      throw new ProblemException(
          ProblemKind.WRONG_HOST, "add the name to server.hosts if clients may call it so");
    }
  }

  private boolean known(String name) {
    return LOOPBACK.contains(name) || hosts.contains(name);
  }

  private static String withoutPort(String host) {
    int bracket = host.lastIndexOf(']');
    int colon = host.indexOf(':', Math.max(0, bracket));
    return colon < 0 ? host : host.substring(0, colon);
  }
}
