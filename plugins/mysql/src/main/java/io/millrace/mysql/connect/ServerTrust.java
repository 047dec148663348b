package io.millrace.mysql.connect;

import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a server must show before it gets a password, where the driver would take any certificate:
 * the one that its data source keeps. One for each end of an attempt; safe for use by several
 * threads.
 */
public final class ServerTrust {

  private static final String NO_TLS = "SSL Connection required, but not provided";
  private static final String OWN_KEY = "Public Key Retrieval is not allowed";

  /** The driver knows no plugin of this name. */
  private static final Pattern UNKNOWN_METHOD =
      Pattern.compile("Unable to load authentication plugin '(\\w+)'");

  private static final String CLEAR = "mysql_clear_password";

  private final ServerCertificates certificates;
  private final Consumer<String> warnings;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param certificates those of the data source
   * @param warnings takes one line when a password goes to a server that nothing verifies
   */
  public ServerTrust(ServerCertificates certificates, Consumer<String> warnings) {
    this.certificates = certificates;
    this.warnings = warnings;
  }

  /** True when a server of the URL has to show a certificate that is kept. */
  boolean isKept(MySqlUrl url) {
    return url.servers().stream().anyMatch(certificates::isKept);
  }

  /** Settings of the driver that the URL must not weaken. */
  Map<String, String> demands(MySqlUrl url) {
    Map<String, String> demands = new HashMap<>();
    if (!certificates.areKept() || url.tls().isVerified()) {
      return demands;
    }
    demands.put("socketFactory", CheckedSocketFactory.class.getName());
    // What it refuses is not tried for minutes: who opened the connection opens another one.
    demands.put("retriesAllDown", Integer.toString(url.servers().size()));
    if (isKept(url)) {
      demands.put("sslMode", MySqlUrl.Tls.REQUIRED.name());
    }
    if (!url.isLoopback()) {
      demands.put("allowPublicKeyRetrieval", "false");
      if (!url.servers().stream().allMatch(certificates::isKept)) {
        demands.put("disabledAuthenticationPlugins", CLEAR);
      }
    }
    return demands;
  }

  /**
   * Logs in. The certificate is compared before the server gets anything, and kept afterwards.
   *
   * @throws MillraceException of kind USER for a server that is not trusted
   * @throws SQLException for all else that fails
   */
  Connection connect(
      MySqlUrl url, boolean hasPassword, CancellableSocketFactory.Login<Connection> login)
      throws SQLException {
    boolean kept = certificates.areKept() && !url.tls().isVerified();
    if (!kept) {
      if (!url.tls().isVerified()) {
        tell(url, hasPassword);
      }
      try {
        return login.run();
      } catch (SQLException e) {
        throw explained(e, url, false);
      }
    }
    Shown shown = new Shown();
    Connection connection;
    try {
      connection = CancellableSocketFactory.showing(shown::take, login);
    } catch (SQLException e) {
      if (shown.refusal != null) {
        throw shown.refusal;
      }
      throw explained(e, url, true);
    }
    boolean trusted = false;
    try {
      shown.keep();
      trusted = true;
      return connection;
    } finally {
      if (!trusted) {
        connection.abort(Runnable::run);
      }
    }
  }

  private void tell(MySqlUrl url, boolean hasPassword) {
    boolean any = url.tls() == MySqlUrl.Tls.PREFERRED || url.tls() == MySqlUrl.Tls.REQUIRED;
    if (any && hasPassword && !url.isLoopback() && told.compareAndSet(false, true)) {
      warnings.accept(
          "nothing verifies that "
              + url.hosts()
              + " is the server it is taken for: who answers in its place gets the password. Add"
              + " sslMode=VERIFY_IDENTITY to the jdbcUrl (with trustCertificateKeyStoreUrl for an"
              + " authority of your own), or use a data source that a server keeps");
    }
  }

  /** The driver's own refusals, in words that help. */
  private static SQLException explained(SQLException error, MySqlUrl url, boolean kept) {
    if (!kept) {
      requireTrusted(error, url);
    }
    for (Throwable at = error; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      if (message.contains(NO_TLS)) {
        throw refused(
            url.hosts()
                + " does not encrypt, though it has shown a certificate before or the options"
                + " demand TLS: no password was sent. Somebody may answer in its place; or enable"
                + " TLS at the server",
            error);
      }
      if (message.contains(OWN_KEY) && !kept) {
        throw refused(
            url.hosts()
                + " wants the password under a key that it sends itself, because the connection is"
                + " not encrypted, and that is not allowed: encrypt it (sslMode=REQUIRED in place of"
                + " useSSL=false in the jdbcUrl), or add allowPublicKeyRetrieval=true where nobody"
                + " can listen on the way",
            error);
      }
      if (message.contains(OWN_KEY)) {
        throw refused(
            url.hosts()
                + " wants the password under a key that it sends itself, without TLS, which is refused."
                + " Enable TLS at the server, with sslMode=REQUIRED or VERIFY_IDENTITY in the jdbcUrl",
            error);
      }
      if (message.contains(CLEAR)) {
        throw refused(
            url.hosts()
                + " wants the password in clear, and nothing verifies the server: it was not sent."
                + " Add sslMode=VERIFY_IDENTITY to the jdbcUrl, or accept the server's certificate"
                + " for the data source first",
            error);
      }
      Matcher method = UNKNOWN_METHOD.matcher(message);
      if (method.find()) {
        throw refused(
            url.hosts()
                + " lets the account log in by '"
                + method.group(1)
                + "' only, which is not supported: give it another method, such as ALTER USER ..."
                + " IDENTIFIED VIA mysql_native_password USING PASSWORD('...') at MariaDB, or use"
                + " another account",
            error);
      }
    }
    return error;
  }

  /** Refuses where the driver did not trust the certificate, and says what was missing. */
  private static void requireTrusted(SQLException error, MySqlUrl url) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = error; at != null; at = at.getCause()) {
      causes.add(at);
    }
    Optional<Throwable> outOfTime =
        first(causes, CertificateExpiredException.class, CertificateNotYetValidException.class);
    Optional<Throwable> unknown =
        first(causes, CertPathBuilderException.class, CertPathValidatorException.class);
    Optional<Throwable> other = first(causes, CertificateException.class);
    if (outOfTime.isPresent()) {
      throw refused(
          url.hosts()
              + " shows a certificate that is not valid now ("
              + outOfTime.get().getMessage()
              + "): give the server a new one",
          error);
    }
    if (unknown.isPresent()) {
      throw refused(
          url.hosts()
              + " shows a certificate of an authority that is not known here ("
              + unknown.get().getMessage()
              + "): name its file by trustCertificateKeyStoreUrl=file:/path in the jdbcUrl",
          error);
    }
    if (other.isPresent() && url.tls() == MySqlUrl.Tls.VERIFY_IDENTITY) {
      throw refused(
          url.hosts()
              + " shows a certificate that is not valid for this host ("
              + other.get().getMessage()
              + "): connect by a name that it holds, or use sslMode=VERIFY_CA in the jdbcUrl",
          error);
    }
  }

  private static Optional<Throwable> first(List<Throwable> causes, Class<?>... types) {
    return causes.stream()
        .filter(cause -> Stream.of(types).anyMatch(type -> type.isInstance(cause)))
        .findFirst();
  }

  private static MillraceException refused(String message, Exception cause) {
    return new MillraceException(StandardError.ACCESS_DENIED, message, cause);
  }

  /** What the hosts of one login have shown. Used by one thread. */
  private final class Shown {
    private @Nullable MillraceException refusal;
    private @Nullable String server;
    private @Nullable X509Certificate certificate;

    void take(String host, int port, X509Certificate leaf) {
      server = MySqlUrl.server(host, port);
      certificate = leaf;
      try {
        certificates.check(server, leaf);
      } catch (MillraceException e) {
        refusal = e;
        throw e;
      }
    }

    /** The driver may have gone on to another host: one that is wrong is told all the same. */
    void keep() {
      if (refusal != null) {
        throw refusal;
      }
      if (server != null && certificate != null) {
        certificates.keep(server, certificate);
      }
    }
  }
}
