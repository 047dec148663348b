package io.millrace.scheduler.datasource;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts the value of one option by AES-GCM. Data source and option are authenticated with it, so
 * that what is copied to another place in the store does not open there. Safe for use by several
 * threads.
 */
final class OptionCipher {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final KeyFile keys;

  OptionCipher(KeyFile keys) {
    this.keys = keys;
  }

  /**
   * An encrypted value.
   *
   * @param keyId of the key
   * @param text nonce and what is encrypted, in base 64
   */
  record Sealed(String keyId, String text) {}

  Sealed seal(String dataSource, String option, String value) {
    String id = keys.currentId();
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key(id, dataSource), nonce, dataSource, option)
              .doFinal(value.getBytes(StandardCharsets.UTF_8));
      byte[] all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
      return new Sealed(id, Base64.getEncoder().encodeToString(all));
    } catch (GeneralSecurityException e) {
      throw new MillraceException(
          StandardError.INTERNAL,
          "data source '" + dataSource + "': a secret cannot be encrypted",
          e);
    }
  }

  String open(String dataSource, String option, Sealed sealed) {
    SecretKey key = key(sealed.keyId(), dataSource);
    try {
      byte[] all = Base64.getDecoder().decode(sealed.text());
      byte[] nonce = new byte[NONCE_BYTES];
      ByteBuffer.wrap(all).get(nonce);
      byte[] value =
          cipher(Cipher.DECRYPT_MODE, key, nonce, dataSource, option)
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return new String(value, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "data source '"
              + dataSource
              + "': its secret at "
              + option
              + " was changed in the store and cannot be opened: give it again",
          null);
    }
  }

  private SecretKey key(String id, String dataSource) {
    return keys.key(id)
        .orElseThrow(
            () ->
                new MillraceException(
                    StandardError.CONFIGURATION,
                    "data source '"
                        + dataSource
                        + "' is encrypted with the key "
                        + id
                        + ", which is not in "
                        + keys.file()
                        + ": put the file back that was used with this store"));
  }

  private static Cipher cipher(
      int mode, SecretKey key, byte[] nonce, String dataSource, String option)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    // The length keeps name and option apart.
    cipher.updateAAD(
        (dataSource.length() + ":" + dataSource + option).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
