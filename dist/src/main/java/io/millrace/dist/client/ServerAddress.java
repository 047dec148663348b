package io.millrace.dist.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is.
 *
 * @param url without a slash at its end
 */
record ServerAddress(String url) {

  /** The environment variable that names it. */
  static final String VARIABLE = "MILLRACE_SERVER";

  /** Where a server listens that nobody has told anything else. */
  static final String USUAL = "http://127.0.0.1:7575";

  /**
   * What was given, or what the environment says, or the usual place.
   *
   * @throws io.millrace.api.error.MillraceException when it is no address of a server
   */
  static ServerAddress of(@Nullable String given, UnaryOperator<@Nullable String> environment) {
    String variable = environment.apply(VARIABLE);
    if (given != null) {
      return checked("--server", given);
    }
    return variable == null || variable.isBlank()
        ? new ServerAddress(USUAL)
        : checked(VARIABLE, variable);
  }

  private static ServerAddress checked(String where, String text) {
    try {
      URI uri = new URI(text.strip());
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
        return new ServerAddress(
            scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path);
      }
    } catch (URISyntaxException e) {
      // Told below, without what was given: it may hold a password.
    }
    throw ClientError.INPUT.because(
        where + " must be like " + USUAL + " or https://millrace.example.org");
  }

  /** True when whoever is on the way can read what is sent. */
  boolean isReadableByOthers() {
    String host = URI.create(url).getHost();
    return url.startsWith("http:")
        && !host.equals("localhost")
        && !host.startsWith("127.")
        && !host.equals("[::1]");
  }
}
