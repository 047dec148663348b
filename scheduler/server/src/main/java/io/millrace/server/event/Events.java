package io.millrace.server.event;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients what happens. Publishing never waits: a client that does not keep up loses what is
 * in its queue and gets the event {@code resync}, upon which it has to read the state anew. The
 * last events are kept for clients that come back. Thread-safe.
 */
public final class Events {

  /** The event that says: something was missed, read the state anew. */
  public static final String RESYNC = "resync";

  private static final long MOST_LOOK_MILLIS = 1_000;

  private final int queueLength;
  private final int historyLength;
  private final Duration heartbeat;
  private final long lookMillis;
  // Of another life of the server, the numbers mean other events.
  private final String life = Long.toString(System.nanoTime() & Long.MAX_VALUE, 36);
  private final Set<Client> clients = new CopyOnWriteArraySet<>();
  private final ArrayDeque<Event> history = new ArrayDeque<>();
  private long last;

  public Events(int queueLength, int historyLength, Duration heartbeat) {
    this.queueLength = queueLength;
    this.historyLength = historyLength;
    this.heartbeat = heartbeat;
    this.lookMillis = Math.min(MOST_LOOK_MILLIS, heartbeat.toMillis());
  }

  private static final class Client {
    private final ArrayBlockingQueue<Event> queue;
    private final Predicate<Event> wanted;
    private final AtomicBoolean missed = new AtomicBoolean();

    Client(int length, Predicate<Event> wanted) {
      this.queue = new ArrayBlockingQueue<>(length);
      this.wanted = wanted;
    }

    void offer(Event event) {
      if (wanted.test(event) && !queue.offer(event)) {
        missed.set(true);
        queue.clear();
        queue.offer(event);
      }
    }
  }

  /** Tells everybody who wants to know. Never waits. */
  public synchronized void publish(String name, String json) {
    Event event = new Event(++last, name, json);
    history.addLast(event);
    if (history.size() > historyLength) {
      history.removeFirst();
    }
    clients.forEach(client -> client.offer(event));
  }

  /** How many clients are listening. */
  public int listening() {
    return clients.size();
  }

  /**
   * A stream of the events that are wanted.
   *
   * @param lastEventId what the client has seen, from the header Last-Event-ID; empty for a new one
   */
  public EventSource source(Optional<String> lastEventId, Predicate<Event> wanted) {
    return out -> {
      Client client = new Client(queueLength, wanted);
      List<Event> before = new ArrayList<>();
      boolean gap = subscribe(client, lastEventId.orElse(null), before);
      try {
        if (gap) {
          resync(out);
        }
        for (Event event : before) {
          write(out, event);
        }
        long quietSince = System.nanoTime();
        while (out.open()) {
          Event event = client.queue.poll(lookMillis, TimeUnit.MILLISECONDS);
          if (client.missed.getAndSet(false)) {
            resync(out);
          }
          if (event != null) {
            write(out, event);
            quietSince = System.nanoTime();
          } else if (System.nanoTime() - quietSince >= heartbeat.toNanos()) {
            out.heartbeat();
            quietSince = System.nanoTime();
          }
        }
      } finally {
        clients.remove(client);
      }
    };
  }

  /** Begins to listen; returns true when events since {@code seen} are no longer known. */
  private synchronized boolean subscribe(Client client, @Nullable String seen, List<Event> before) {
    clients.add(client);
    if (seen == null) {
      return false;
    }
    long number = number(seen);
    long oldest = last - history.size();
    if (number < oldest || number > last) {
      return true;
    }
    history.stream()
        .filter(event -> event.number() > number && client.wanted.test(event))
        .forEach(before::add);
    return false;
  }

  private long number(String id) {
    String prefix = life + "-";
    return id.startsWith(prefix) && id.substring(prefix.length()).matches("[0-9]{1,18}")
        ? Long.parseLong(id.substring(prefix.length()))
        : -1;
  }

  private void write(EventWriter out, Event event) throws IOException {
    out.event(life + "-" + event.number(), event.name(), event.data());
  }

  private static void resync(EventWriter out) throws IOException {
    out.event(null, RESYNC, "{}");
  }
}
