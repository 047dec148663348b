package io.millrace.server.route;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads a request's body, never more of it than is allowed. */
final class Body {

  private static final long READ_NANOS = 30_000_000_000L;

  // What a client that is still sending is listened to, so that it gets to read the answer.
  private static final long DRAINED = 64L << 20;
  private static final long DRAIN_NANOS = 10_000_000_000L;

  private Body() {}

  static byte[] read(HttpServletRequest request, int most) throws IOException {
    String type = request.getContentType();
    if (type == null || !isJson(type.toLowerCase(Locale.ROOT))) {
      throw new ProblemException(
          ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json in UTF-8");
    }
    if (request.getContentLengthLong() > most) {
      throw tooLarge(request, most);
    }
    return readAll(request, most);
  }

  private static byte[] readAll(HttpServletRequest request, int most) throws IOException {
    long end = System.nanoTime() + READ_NANOS;
    InputStream in = request.getInputStream();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 << 10];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      body.write(buffer, 0, read);
      if (body.size() > most) {
        throw tooLarge(request, most);
      }
      // Each byte in time is not enough: a thread waits here.
      if (System.nanoTime() > end) {
        throw new ProblemException(ProblemKind.TIMEOUT, "the body came too slowly");
      }
    }
    return body.toByteArray();
  }

  /** Refuses a body where none belongs. */
  static void none(HttpServletRequest request, int most) throws IOException {
    if (request.getContentLengthLong() > most) {
      throw tooLarge(request, most);
    }
    if (request.getContentLengthLong() > 0
        || (request.getHeader("Transfer-Encoding") != null
            && request.getInputStream().read() >= 0)) {
      throw new ProblemException(ProblemKind.BAD_REQUEST, "this request takes no body");
    }
  }

  private static boolean isJson(String type) {
    String[] parts = type.split(";", -1);
    if (!parts[0].strip().equals("application/json")) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }

  private static ProblemException tooLarge(HttpServletRequest request, int most) {
    // A client that waits to be asked has not sent anything yet.
    if (request.getHeader("Expect") == null) {
      drain(request);
    }
    return new ProblemException(
        ProblemKind.TOO_LARGE, "the body may have " + most + " bytes at most");
  }

  private static void drain(HttpServletRequest request) {
    long end = System.nanoTime() + DRAIN_NANOS;
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = request.getInputStream();
      int read = in.read(buffer);
      for (long left = DRAINED; read >= 0 && left > 0 && System.nanoTime() < end; left -= read) {
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // It stopped sending: then it needs no answer.
    }
  }
}
