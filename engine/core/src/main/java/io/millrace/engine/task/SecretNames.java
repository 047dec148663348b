package io.millrace.engine.task;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells from a name alone whether its value is a secret: of options, of parameters. */
final class SecretNames {

  private static final List<String> ANYWHERE =
      List.of("password", "passwd", "passphrase", "secret", "credential", "jaasconfig");
  private static final List<String> AT_THE_END =
      List.of("pwd", "token", "accesskey", "accesskeyid", "accessid", "apikey", "privatekey");

  /** Where a connection goes to and who connects: references are resolved here, but are shown. */
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
    return ANYWHERE.stream().anyMatch(plain::contains)
        || AT_THE_END.stream().anyMatch(plain::endsWith);
  }

  /** True for the keys of a connection that are no secrets, such as {@code host}. */
  static boolean isConnection(String name) {
    return CONNECTION.contains(plain(name));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
