package io.millrace.mysql.connect;

import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Certificates as a store keeps them, in memory. */
final class KeptCertificates implements ServerCertificates {

  private final Map<String, String> kept = new ConcurrentHashMap<>();

  Map<String, String> kept() {
    return kept;
  }

  @Override
  public boolean areKept() {
    return true;
  }

  @Override
  public boolean isKept(String server) {
    return kept.containsKey(server);
  }

  @Override
  public void check(String server, X509Certificate shown) {
    String found = ServerCertificates.fingerprint(shown);
    String expected = kept.getOrDefault(server, found);
    if (!expected.equals(found)) {
      throw new MillraceException(
          StandardError.ACCESS_DENIED, server + " shows " + found + ", not " + expected);
    }
  }

  @Override
  public void keep(String server, X509Certificate shown) {
    kept.putIfAbsent(server, ServerCertificates.fingerprint(shown));
    check(server, shown);
  }
}
