package io.millrace.engine.task;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells from a name alone whether its value is a secret: of parameters, and of options where
 * nothing is declared.
 */
final class SecretNames {

  private static final List<String> ANYWHERE =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "secret",
          "credential",
          "jaasconfig",
          "authorization",
          "authuserinfo",
          "keystorekey");
  private static final List<String> AT_THE_END =
      List.of("pwd", "token", "accesskey", "accesskeyid", "accessid", "apikey", "privatekey");

  private static final Set<String> WHOLE = Set.of("pass", "pw", "ak", "sk");

  /** Where secrets go, in names of which nothing is declared. */
  private static final List<String> DIRECTING =
      List.of(
          "host",
          "endpoint",
          "server",
          "address",
          "broker",
          "bootstrap",
          "proxy",
          "ssl",
          "tls",
          "trust",
          "protocol",
          "jdbc",
          "mechanism",
          "driver");

  private static final List<String> DIRECTING_AT_AN_END = List.of("port", "url", "uri", "region");

  /** Where a connection goes to and who connects: references are resolved here, too. */
  private static final Set<String> CONNECTION =
      Set.of(
          "host",
          "hosts",
          "port",
          "database",
          "username",
          "user",
          "endpoint",
          "server",
          "region",
          "bucket",
          "accessid",
          "jdbcurl",
          "url");

  private SecretNames() {}

  /** True for {@code password}, {@code accessKeySecret}, {@code db_token} and the like. */
  static boolean isSecret(String name) {
    String plain = plain(name);
    return WHOLE.contains(plain)
        || ANYWHERE.stream().anyMatch(plain::contains)
        || AT_THE_END.stream().anyMatch(plain::endsWith);
  }

  /** True for the keys of a connection that are no secrets, such as {@code host}. */
  static boolean isConnection(String name) {
    return CONNECTION.contains(plain(name));
  }

  /** True for {@code host}, {@code baseUrl}, {@code sslMode} and the like. */
  static boolean directs(String name) {
    String plain = plain(name);
    return DIRECTING.stream().anyMatch(plain::contains)
        || DIRECTING_AT_AN_END.stream()
            .anyMatch(part -> plain.startsWith(part) || plain.endsWith(part));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
