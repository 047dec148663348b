package io.millrace.server.security;

import java.time.Duration;

/** The cookie that holds a session's token. */
final class SessionCookie {

  private final boolean secure;
  private final long maxAge;

  SessionCookie(boolean secure, Duration absolute) {
    this.secure = secure;
    this.maxAge = absolute.toSeconds();
  }

  /** With the prefix, browsers refuse it from another host, or without TLS. */
  String name() {
    return secure ? "__Host-millrace_session" : "millrace_session";
  }

  String set(String token) {
    return name() + "=" + token + "; Max-Age=" + maxAge + attributes();
  }

  String cleared() {
    return name() + "=; Max-Age=0" + attributes();
  }

  private String attributes() {
    return "; Path=/; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
  }
}
