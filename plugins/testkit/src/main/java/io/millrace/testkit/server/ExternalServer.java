package io.millrace.testkit.server;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that somebody else started and named in the environment. */
record ExternalServer(Flavour flavour, String host, int port, String user, String password)
    implements TestServer {

  private static final Pattern URL =
      Pattern.compile("jdbc:(?:mysql|mariadb)://([^:/?]+)(?::(\\d+))?(?:[/?].*)?");
  private static final int DEFAULT_PORT = 3306;

  static Optional<TestServer> fromEnvironment(Flavour flavour, Map<String, String> environment) {
    String prefix = "MILLRACE_TEST_" + flavour.name() + "_";
    String url = environment.getOrDefault(prefix + "URL", "");
    if (url.isBlank()) {
      return Optional.empty();
    }
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          prefix + "URL must look like jdbc:mysql://host:3306/, it is " + url);
    }
    int port = matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
    return Optional.of(
        new ExternalServer(
            flavour,
            matcher.group(1),
            port,
            environment.getOrDefault(prefix + "USER", "root"),
            environment.getOrDefault(prefix + "PASSWORD", "")));
  }

  @Override
  public long pid() {
    return -1;
  }

  @Override
  public String description() {
    return flavour.title() + " named by the environment, on " + host + ":" + port;
  }

  @Override
  public String toString() {
    return description();
  }

  @Override
  public void close() {}
}
