package io.millrace.kafka.connect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Which login modules a line of JAAS configuration may name: a module is code, and some of the
 * JDK's look names up at servers of somebody's choice. Stateless.
 */
final class LoginModules {

  private static final String PROPERTY = "sasl.jaas.config";

  private static final Set<String> ACCEPTED =
      Set.of(
          "org.apache.kafka.common.security.plain.PlainLoginModule",
          "org.apache.kafka.common.security.scram.ScramLoginModule",
          "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
          "com.sun.security.auth.module.Krb5LoginModule");

  private LoginModules() {}

  /** What is wrong with a line, without what it holds; empty when it may be used. */
  static Optional<String> problem(String line) {
    List<AppConfigurationEntry> entries;
    try {
      // As the client reads it, so that both see the same modules.
      entries =
          JaasContext.loadClientContext(Map.of(PROPERTY, new Password(line)))
              .configurationEntries();
    } catch (IllegalArgumentException | KafkaException e) {
      return Optional.of(
          "is no line of JAAS configuration that Kafka's clients take: MODULE required KEY=\"VALUE\";");
    }
    return entries.stream()
        .map(AppConfigurationEntry::getLoginModuleName)
        .filter(name -> !ACCEPTED.contains(name))
        .findFirst()
        .map(
            name ->
                "names a login module that is not accepted; those are "
                    + String.join(", ", ACCEPTED.stream().sorted().toList()));
  }
}
