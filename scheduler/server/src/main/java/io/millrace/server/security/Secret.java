package io.millrace.server.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Random secrets, their hashes, and comparing in constant time. */
final class Secret {

  private static final SecureRandom RANDOM = new SecureRandom();
  // Without letters and digits that look alike: it is read from a screen and typed.
  private static final String TYPED = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int TYPED_LENGTH = 20;

  private Secret() {}

  /** 256 random bits as text for URLs and headers. */
  static String random() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** A one-time password of 100 random bits that can be typed. */
  static String typed() {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < TYPED_LENGTH; i++) {
      if (i > 0 && i % 5 == 0) {
        password.append('-');
      }
      password.append(TYPED.charAt(RANDOM.nextInt(TYPED.length())));
    }
    return password.toString();
  }

  /**
   * What is kept of a random secret: it has too many bits to be guessed, so that no salt is needed.
   */
  static String hash(String secret) {
    return HexFormat.of().formatHex(sha256(secret));
  }

  /**
   * The token against cross-site requests that belongs to a session; it does not tell the session.
   */
  static String csrf(String session) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256("csrf:" + session));
  }

  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
