package io.millrace.kafka.connect;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.UnrecoverableKeyException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/** What the clients use for TLS, made as they make it, so that a store at fault is named. */
final class Stores {

  private static final String TRUST = "ssl.truststore";
  private static final String KEY = "ssl.keystore";

  private Stores() {}

  /**
   * The context of TLS.
   *
   * @throws MillraceException when a store cannot be used; names the option
   */
  static SSLContext context(ClientConfig config) {
    Map<String, Object> values = new HashMap<>(new AdminClientConfig(config.admin()).values());
    try {
      return context(values);
    } catch (RuntimeException e) {
      Map<String, Object> withoutKey = new HashMap<>(values);
      withoutKey.keySet().removeIf(name -> name.startsWith(KEY) || name.equals("ssl.key.password"));
      try {
        context(withoutKey);
      } catch (RuntimeException trust) {
        throw bad(config, TRUST, trust);
      }
      throw bad(config, KEY, e);
    }
  }

  private static SSLContext context(Map<String, Object> values) {
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(values);
      return factory.sslContext();
    }
  }

  private static MillraceException bad(ClientConfig config, String store, RuntimeException error) {
    String option = config.optionOf(store, "location");
    String password = config.optionOf(store, "password");
    @Nullable Object file = config.admin().get(store + ".location");
    String why;
    if (KafkaErrors.is(error, NoSuchFileException.class)) {
      why = "there is no file " + file;
    } else if (KafkaErrors.is(error, AccessDeniedException.class)) {
      why = file + " may not be read";
    } else if (KafkaErrors.is(error, UnrecoverableKeyException.class)) {
      why = password + " is not the password of " + file;
    } else {
      why =
          file
              + " cannot be used ("
              + KafkaErrors.root(error)
              + "); check that its name says what it is, *.pem, *.p12 or else JKS, and "
              + password;
    }
    return new MillraceException(StandardError.CONFIGURATION, option + ": " + why, error);
  }
}
