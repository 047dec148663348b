package io.millrace.server.event;

import io.millrace.server.route.Json;
import io.millrace.server.route.Sight;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events to one client. Used by one thread. */
public final class EventWriter {

  /** How long a stream may go on unasked after the right to it has ended. */
  static final Duration ASK_EVERY = Duration.ofSeconds(2);

  private final OutputStream out;
  private final long endNanos;
  private final Sight sight;
  private final BooleanSupplier right;
  private long askedNanos = System.nanoTime();
  private boolean allowed = true;

  /**
   * @param sight what the client may see
   * @param right false as soon as the client may not have the stream any more
   */
  EventWriter(OutputStream out, long endNanos, Sight sight, BooleanSupplier right) {
    this.out = out;
    this.sight = sight;
    this.endNanos = endNanos;
    this.right = right;
  }

  /**
   * Sends an event at once.
   *
   * @param id what the client sends as Last-Event-ID when it comes back; null for none
   * @param name the event's name
   * @param json its data, a document, which is sent as its client may see it
   * @throws IOException when the client is gone, or has lost the right to the stream
   */
  public void event(@Nullable String id, String name, String json) throws IOException {
    send(id, name, Json.shown(json, sight));
  }

  /**
   * Sends text at once, as its client may see it. Line breaks are kept.
   *
   * @param text lines, none of which has a marked part that goes on in another text
   * @throws IOException when the client is gone, or has lost the right to the stream
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
   * True while the stream may go on: its source has to ask at least every second. It ends when the
   * client has lost the right to it, and in any case after a while; browsers come back by
   * themselves where they were.
   */
  public boolean open() {
    return System.nanoTime() < endNanos && !Thread.currentThread().isInterrupted() && isAllowed();
  }

  private boolean isAllowed() {
    long now = System.nanoTime();
    if (allowed && now - askedNanos >= ASK_EVERY.toNanos()) {
      askedNanos = now;
      allowed = right.getAsBoolean();
    }
    return allowed;
  }

  private void write(String text) throws IOException {
    // Here as well: a client that reads slowly gets many events between two looks of the source.
    if (!isAllowed()) {
      throw new IOException("the right to the stream has ended");
    }
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
