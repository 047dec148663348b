package io.millrace.dist.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Sends one request. {@link HttpURLConnection} and not the newer client: a command lives for one
 * request, and the first one takes the other 400 ms, this one 50. Stateless.
 */
final class Http {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int MOST = 64 << 20;

  static {
    // The JDK would send a POST again by itself when the connection breaks: a task could run twice.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private Http() {}

  /** An answer whose body has not been read; closing it ends the connection. */
  static final class Answering implements AutoCloseable {

    private final HttpURLConnection connection;
    private final int status;

    private Answering(HttpURLConnection connection, int status) {
      this.connection = connection;
      this.status = status;
    }

    int status() {
      return status;
    }

    /** A header; empty when there is none. */
    String header(String name) {
      String value = connection.getHeaderField(name);
      return value == null ? "" : value;
    }

    InputStream body() throws IOException {
      InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      return body == null ? InputStream.nullInputStream() : body;
    }

    /** All of it, as far as it is of a size that somebody could want. */
    byte[] read() throws IOException {
      try (InputStream in = body()) {
        byte[] all = in.readNBytes(MOST + 1);
        if (all.length > MOST) {
          throw ClientError.FAILED.because(
              "the answer is larger than " + (MOST >> 20) + " MB; ask for less at a time");
        }
        return all;
      }
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }

  /**
   * Sends a request and waits for the beginning of its answer.
   *
   * @param body empty for none
   * @param readMillis how long to wait for each part of the answer
   * @throws io.millrace.api.error.MillraceException when nothing answers
   */
  static Answering send(
      String method, String url, Map<String, String> headers, byte[] body, int readMillis) {
    HttpURLConnection connection;
    try {
      connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(readMillis);
      // A connection that is kept may be closed by the other side just when it is used again.
      connection.setRequestProperty("Connection", "close");
      headers.forEach(connection::setRequestProperty);
      if (body.length > 0) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
      } else if (!method.equals("GET") && !method.equals("DELETE")) {
        connection.setDoOutput(true);
      }
      connection.connect();
    } catch (IOException e) {
      Optional<String> untrusted = UntrustedCertificate.told(e);
      if (untrusted.isPresent()) {
        throw ClientError.UNREACHABLE.because(
            "no secure connection to " + origin(url) + ": " + untrusted.get(), e);
      }
      throw ClientError.UNREACHABLE.because(
          "no server answers at "
              + origin(url)
              + " ("
              + e.getMessage()
              + "): start one with millrace server, or say where it is with --server or "
              + ServerAddress.VARIABLE,
          e);
    }
    return answering(connection, method, url, body);
  }

  private static Answering answering(
      HttpURLConnection connection, String method, String url, byte[] body) {
    try {
      if (connection.getDoOutput()) {
        try (var out = connection.getOutputStream()) {
          out.write(body);
        }
      }
      return new Answering(connection, connection.getResponseCode());
    } catch (IOException e) {
      connection.disconnect();
      throw ClientError.UNREACHABLE.because(
          "the connection to "
              + origin(url)
              + " broke ("
              + e.getMessage()
              + ")"
              + (method.equals("GET")
                  ? ""
                  : "; it may have been done nevertheless: look before you repeat it"),
          e);
    }
  }

  private static String origin(String url) {
    URI uri = URI.create(url);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /** A text as a header can hold it: in ASCII, other characters as RFC 8187 has them. */
  static String headerValue(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~') && !text.startsWith("UTF-8''")
        ? text
        : "UTF-8''" + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
