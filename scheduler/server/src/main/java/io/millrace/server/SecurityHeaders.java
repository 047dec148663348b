package io.millrace.server;

import jakarta.servlet.http.HttpServletResponse;

/** What every answer tells the browser not to do. */
final class SecurityHeaders {

  private SecurityHeaders() {}

  static void set(String path, HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
            + " object-src 'none'");
    if (!path.startsWith("/console")) {
      response.setHeader("Cache-Control", "no-store");
    }
  }
}
