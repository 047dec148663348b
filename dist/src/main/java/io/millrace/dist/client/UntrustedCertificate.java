package io.millrace.dist.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says why TLS with a server failed, and what to do. */
final class UntrustedCertificate {

  private static final String STORE = "javax.net.ssl.trustStore";

  private UntrustedCertificate() {}

  /** The reason in one line; empty where the failure has nothing to do with TLS. */
  static Optional<String> told(IOException failed) {
    String store = System.getProperty(STORE, "");
    if (failed instanceof SSLException && !store.isEmpty() && !Files.isReadable(Path.of(store))) {
      return Optional.of("the trust store " + store + " is not there, or may not be read");
    }
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof GeneralSecurityException
          && !store.isEmpty()
          && !(failed instanceof SSLException)) {
        // Java could not even make what checks certificates.
        return Optional.of(
            "the trust store " + store + " cannot be read: " + innermost(failed).getMessage());
      }
    }
    return failed instanceof SSLException tls ? Optional.of(told(tls, store)) : Optional.empty();
  }

  private static Throwable innermost(Throwable failed) {
    Throwable at = failed;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  private static String told(SSLException failed, String store) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidAlgorithmParameterException) {
        // What Java makes of a trust store without a single certificate.
        return store.isEmpty()
            ? "this Java trusts no authority at all"
            : "no certificate can be read from the trust store "
                + store
                + ": it needs its password, as one that keytool made does; add"
                + " -Djavax.net.ssl.trustStorePassword=PASSWORD to MILLRACE_OPTS";
      }
      if (cause instanceof CertPathBuilderException) {
        return "its certificate comes from no authority that is trusted here: name a trust store"
            + " with it, by MILLRACE_OPTS='-D"
            + STORE
            + "=FILE -Djavax.net.ssl.trustStorePassword=PASSWORD'"
            + (store.isEmpty() ? "" : "; " + store + " does not have it");
      }
    }
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "its certificate does not fit: " + cause.getMessage();
      }
    }
    return failed.getMessage() + "; does it speak TLS, or should the address begin with http://?";
  }
}
