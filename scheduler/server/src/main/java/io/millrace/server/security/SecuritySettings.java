package io.millrace.server.security;

import java.time.Duration;

/**
 * How strict the login is.
 *
 * @param secureCookie true when browsers reach the server by TLS: the cookie is then never sent
 *     without
 * @param behindProxy true when a proxy in front sets {@code X-Forwarded-For}; otherwise it is not
 *     believed
 * @param idle after what time without a request a session ends
 * @param absolute after what time a session ends in any case
 * @param passwordMemoryKib what hashing a password takes of memory, in KiB; a hash keeps what it
 *     was made with. Less is easier to guess, see {@link #defaults}
 */
public record SecuritySettings(
    boolean secureCookie,
    boolean behindProxy,
    Duration idle,
    Duration absolute,
    int passwordMemoryKib) {

  // What OWASP recommends at least for Argon2id: 19 MiB, with two passes and one lane.
  private static final int PASSWORD_MEMORY_KIB = 19_456;

  /** For a server on this machine, without TLS. */
  public static SecuritySettings defaults() {
    return new SecuritySettings(
        false, false, Duration.ofMinutes(30), Duration.ofHours(12), PASSWORD_MEMORY_KIB);
  }

  /** The same behind a proxy that speaks TLS to the browsers. */
  public SecuritySettings behindTlsProxy() {
    return new SecuritySettings(true, true, idle, absolute, passwordMemoryKib);
  }

  /** The same with another memory for hashing passwords. */
  public SecuritySettings withPasswordMemoryKib(int other) {
    return new SecuritySettings(secureCookie, behindProxy, idle, absolute, other);
  }
}
