package io.millrace.server.event;

import io.millrace.server.route.Json;
import io.millrace.server.route.Sight;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events to one client. Used by one thread. */
public final class EventWriter {

  private final OutputStream out;
  private final long endNanos;
  private final Sight sight;

  EventWriter(OutputStream out, long endNanos, Sight sight) {
    this.out = out;
    this.sight = sight;
    this.endNanos = endNanos;
  }

  /**
   * Sends an event at once.
   *
   * @param id what the client sends as Last-Event-ID when it comes back; null for none
   * @param name the event's name
   * @param json its data, a document, which is sent as its client may see it
   * @throws IOException when the client is gone
   */
  public void event(@Nullable String id, String name, String json) throws IOException {
    send(id, name, Json.shown(json, sight));
  }

  /**
   * Sends text at once, as its client may see it. Line breaks are kept.
   *
   * @param text lines, none of which has a marked part that goes on in another text
   * @throws IOException when the client is gone
   */
  public void text(@Nullable String id, String name, String text) throws IOException {
    send(id, name, sight.of(text));
  }

  private void send(@Nullable String id, String name, String data) throws IOException {
    StringBuilder text = new StringBuilder(data.length() + 64);
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    text.append("event: ").append(name).append('\n');
    // A lone carriage return ends a line of the protocol as well.
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append("data: ").append(line).append('\n');
    }
    write(text.append('\n').toString());
  }

  /** Sends something that clients ignore, which keeps proxies from closing the connection. */
  public void heartbeat() throws IOException {
    write(":\n\n");
  }

  /**
   * True while the stream may go on. It ends after a while, so that who has lost the right to it
   * does not keep it; browsers come back by themselves where they were.
   */
  public boolean open() {
    return System.nanoTime() < endNanos && !Thread.currentThread().isInterrupted();
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
