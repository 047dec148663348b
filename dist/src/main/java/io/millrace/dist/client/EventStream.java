package io.millrace.dist.client;

import io.millrace.api.error.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Follows a stream of server-sent events. The server ends each after a while, and connections
 * break: then it goes on where it was. Used by one thread.
 */
final class EventStream {

  private static final int MOST = 16 << 20;
  private static final int TRIES = 5;

  private final ApiClient client;
  private final Endpoint endpoint;
  private final Map<String, String> query;
  private final Object[] path;
  private String last = "";
  private boolean begun;

  EventStream(ApiClient client, Endpoint endpoint, Map<String, String> query, Object... path) {
    this.client = client;
    this.endpoint = endpoint;
    this.query = query;
    this.path = path;
  }

  /** Takes events. */
  interface Taker {
    /** Takes one; returns false when it wants no more. */
    boolean take(String name, String data);
  }

  /**
   * Gives every event until the taker has enough.
   *
   * @throws MillraceException when the server does not come back
   */
  void follow(Taker taker) {
    int failed = 0;
    while (true) {
      String before = last;
      try (Http.Answering answering = client.stream(endpoint, query, last, path);
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(answering.body(), StandardCharsets.UTF_8))) {
        begun = true;
        if (!read(lines, taker)) {
          return;
        }
        failed = 0;
      } catch (IOException e) {
        failed = last.equals(before) ? failed + 1 : 1;
        giveUpAfter(failed, client.broken(e));
      } catch (MillraceException e) {
        if (!begun
            || (e.errorCode() != ClientError.UNREACHABLE && e.errorCode() != ClientError.FAILED)) {
          throw e;
        }
        giveUpAfter(++failed, e);
      }
      pause(failed);
    }
  }

  private static void giveUpAfter(int failed, MillraceException reason) {
    if (failed >= TRIES) {
      throw reason;
    }
  }

  private static void pause(int failed) {
    try {
      TimeUnit.MILLISECONDS.sleep(250L << failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ClientError.FAILED.because("interrupted", e);
    }
  }

  /** False when the taker has enough; true when the stream has ended. */
  private boolean read(BufferedReader lines, Taker taker) throws IOException {
    String id = "";
    String name = "";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (!name.isEmpty()) {
          boolean more = taker.take(name, data.isEmpty() ? "" : data.substring(1));
          last = id.isEmpty() ? last : id;
          if (!more) {
            return false;
          }
        }
        id = "";
        name = "";
        data.setLength(0);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data.append('\n').append(line, 6, line.length());
        if (data.length() > MOST) {
          throw ClientError.FAILED.because("the server sends an event without an end");
        }
      }
    }
    return true;
  }
}
