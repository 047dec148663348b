package io.millrace.api;

import io.millrace.api.error.MillraceException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The certificates that the servers of one data source have shown. For connectors whose driver
 * takes any certificate: what a first login was made under is kept and compared ever after. A
 * connection that is verified by authorities does not need it. Safe for use by several threads;
 * calls may block for a look into a store.
 *
 * <p>A connector calls, for each connection: {@link #check} after the handshake and before any
 * secret is sent, and {@link #keep} once the login has succeeded. Where {@link #isKept} says so, it
 * sends no secret to a server that does not encrypt.
 *
 * <p>Servers are named {@code host:port}, as the options name the host; upper and lower case are
 * the same.
 */
public interface ServerCertificates {

  /** Keeps nothing and takes every certificate: what a task has that carries its own password. */
  ServerCertificates NONE = new Unkept();

  /** False when nothing is ever kept: the connector's own default holds. */
  boolean areKept();

  /** True when this server has a certificate that it must show. */
  boolean isKept(String server);

  /**
   * Compares what a server shows with what is kept for it.
   *
   * @throws MillraceException of kind USER, naming both fingerprints, when another one is kept
   */
  void check(String server, X509Certificate shown);

  /**
   * Keeps what a server showed, after a login, unless one is kept already.
   *
   * @throws MillraceException of kind USER, naming both fingerprints, when another one is kept
   */
  void keep(String server, X509Certificate shown);

  /** The SHA-256 of a certificate as {@code openssl x509 -fingerprint -sha256} prints it. */
  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalArgumentException("not a certificate that can be compared", e);
    }
  }

  /** How a server is called, whatever the spelling of its host. */
  static String server(String host, int port) {
    return host.toLowerCase(Locale.ROOT) + ":" + port;
  }
}
