package io.millrace.api;

import java.security.cert.X509Certificate;

/** Takes every certificate. */
final class Unkept implements ServerCertificates {

  @Override
  public boolean areKept() {
    return false;
  }

  @Override
  public boolean isKept(String server) {
    return false;
  }

  @Override
  public void check(String server, X509Certificate shown) {
    // Nothing is kept to compare it with.
  }

  @Override
  public void keep(String server, X509Certificate shown) {
    // Nothing is kept.
  }
}
