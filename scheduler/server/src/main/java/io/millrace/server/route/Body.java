package io.millrace.server.route;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Reads a request's body, never more of it than is allowed. What is there is read at once; for the
 * rest only so many wait at a time. Used by the one thread that answers the request.
 */
final class Body {

  private static final long READ_NANOS = 30_000_000_000L;

  // What a client that is still sending is listened to, so that it gets to read the answer.
  private static final long DRAINED = 64L << 20;
  private static final long DRAIN_NANOS = 10_000_000_000L;

  private final HttpServletRequest request;
  private final int most;
  private final BodyWaits waits;
  private final BodyWaits.Sender sender;
  private boolean waiting;

  /**
   * @param most the most bytes
   */
  Body(HttpServletRequest request, int most, BodyWaits waits, BodyWaits.Sender sender) {
    this.request = request;
    this.most = most;
    this.waits = waits;
    this.sender = sender;
  }

  /**
   * Its bytes.
   *
   * @throws ProblemException 415 when it is no JSON, 413 when it is too large, 408 when it is too
   *     slow, 429 when it would have to wait and too many do
   */
  byte[] read() throws IOException {
    String type = request.getContentType();
    if (type == null || !isJson(type.toLowerCase(Locale.ROOT))) {
      throw new ProblemException(
          ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json in UTF-8");
    }
    try {
      if (request.getContentLengthLong() > most) {
        throw tooLarge();
      }
      return readAll();
    } finally {
      leave();
    }
  }

  private byte[] readAll() throws IOException {
    long end = System.nanoTime() + READ_NANOS;
    byte[] buffer = new byte[16 << 10];
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int read = next(buffer, 0); read >= 0; read = next(buffer, body.size())) {
      body.write(buffer, 0, read);
      if (body.size() > most) {
        throw tooLarge();
      }
      // Each byte in time is not enough: a thread waits here.
      if (System.nanoTime() > end) {
        throw new ProblemException(ProblemKind.TIMEOUT, "the body came too slowly");
      }
    }
    return body.toByteArray();
  }

  private int next(byte[] buffer, long before) throws IOException {
    InputStream in = request.getInputStream();
    if (!waiting && in.available() == 0 && before != request.getContentLengthLong()) {
      waits.enter(sender);
      waiting = true;
    }
    return in.read(buffer);
  }

  private void leave() {
    if (waiting) {
      waiting = false;
      waits.leave(sender);
    }
  }

  /** Refuses a body where none belongs. */
  void none() throws IOException {
    try {
      if (request.getContentLengthLong() > most) {
        throw tooLarge();
      }
      if (request.getContentLengthLong() > 0
          || (request.getHeader("Transfer-Encoding") != null && next(new byte[1], 0) >= 0)) {
        throw new ProblemException(ProblemKind.BAD_REQUEST, "this request takes no body");
      }
    } finally {
      leave();
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

  private ProblemException tooLarge() {
    // A client that waits to be asked has not sent anything yet.
    if (request.getHeader("Expect") == null) {
      drain();
    }
    return new ProblemException(
        ProblemKind.TOO_LARGE, "the body may have " + most + " bytes at most");
  }

  private void drain() {
    long end = System.nanoTime() + DRAIN_NANOS;
    byte[] buffer = new byte[16 << 10];
    try {
      int read = next(buffer, 0);
      for (long left = DRAINED; read >= 0 && left > 0 && System.nanoTime() < end; left -= read) {
        read = next(buffer, 0);
      }
    } catch (IOException | ProblemException e) {
      // It stopped sending, or too many wait: it may not get to read the answer.
    }
  }
}
