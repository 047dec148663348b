package io.millrace.scheduler.datasource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to who holds the same key file that a text comes from another one who does. The keys that
 * sign are derived, so that a signature tells nothing about what is encrypted. Safe for use by
 * several threads.
 */
public final class KeySignatures {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int PRINT_BYTES = 8;

  private final KeyFile keys;

  public KeySignatures(KeyFile keys) {
    this.keys = keys;
  }

  /** Signs with the current key. */
  public String sign(String text) {
    String id = keys.currentId();
    return id + "." + signature(keys.key(id).orElseThrow(), text);
  }

  /** True when {@code signature} was made of this text with a key that is here as well. */
  public boolean isSigned(String text, String signature) {
    int dot = signature.indexOf('.');
    Optional<SecretKey> key = dot < 0 ? Optional.empty() : keys.key(signature.substring(0, dot));
    return key.isPresent()
        && MessageDigest.isEqual(
            signature(key.get(), text).getBytes(StandardCharsets.US_ASCII),
            signature.substring(dot + 1).getBytes(StandardCharsets.UTF_8));
  }

  private static String signature(SecretKey key, String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(mac(derived(key, "signatures"), text));
  }

  /** What tells keys apart without telling them, one for each key that is here. */
  public Set<String> prints() {
    Set<String> prints = new TreeSet<>();
    for (String id : keys.ids()) {
      keys.key(id).map(KeySignatures::print).ifPresent(prints::add);
    }
    return prints;
  }

  /** What tells a key apart from others without telling it. */
  static String print(SecretKey key) {
    return HexFormat.of().formatHex(mac(derived(key, "print"), ""), 0, PRINT_BYTES);
  }

  private static byte[] derived(SecretKey key, String purpose) {
    return mac(key.getEncoded(), "millrace " + purpose);
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
