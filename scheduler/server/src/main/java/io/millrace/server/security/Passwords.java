package io.millrace.server.security;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import io.millrace.server.problem.ProblemException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hashes passwords with Argon2id and checks them. Thread-safe. */
final class Passwords {

  static final int LEAST = 10;
  static final int MOST = 200;

  private static final int PASSES = 2;

  // Each check takes memory and a processor: many at once are somebody guessing.
  private final Semaphore atOnce = new Semaphore(2);
  private final int memoryKib;
  private final String nobodysHash;

  /**
   * Hashes with so much memory.
   *
   * @param memoryKib see {@link SecuritySettings#passwordMemoryKib}
   */
  Passwords(int memoryKib) {
    this.memoryKib = memoryKib;
    // Of no password. It is not computed, so that the first unknown name takes no longer, either.
    this.nobodysHash =
        "$argon2id$v=19$m=" + memoryKib + ",t=" + PASSES + ",p=1$" + base64() + "$" + base64();
  }

  String hash(String password) {
    return Argon2Function.getInstance(memoryKib, PASSES, 1, 32, Argon2.ID)
        .hash(password)
        .getResult();
  }

  /**
   * Checks a password. Takes as long when there is no such account, so that the time does not tell
   * which accounts exist.
   *
   * @param hash what {@link #hash} made; null when there is no account to log in to
   */
  boolean matches(String password, @Nullable String hash) {
    if (!acquire()) {
      throw ProblemException.tooMany("too many logins at once", 2);
    }
    try {
      String against = hash == null ? nobodysHash : hash;
      boolean same = Argon2Function.getInstanceFromHash(against).check(password, against);
      return same && hash != null;
    } finally {
      atOnce.release();
    }
  }

  /** As hashes have it: not as URLs do. */
  private static String base64() {
    return Secret.random().replace('-', '+').replace('_', '/');
  }

  private boolean acquire() {
    try {
      return atOnce.tryAcquire(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Refuses what is too easy to guess. */
  static void requireGood(String field, String password, String account) {
    if (password.length() < LEAST || password.length() > MOST) {
      throw ProblemException.field(field, "must have " + LEAST + " to " + MOST + " characters");
    }
    if (password.equalsIgnoreCase(account) || password.chars().distinct().count() < 4) {
      throw ProblemException.field(field, "is too easy to guess");
    }
  }
}
