package io.millrace.server.node;

import io.millrace.scheduler.dispatch.Peers;
import io.millrace.scheduler.store.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Carries events between the nodes of a store, through a table of it. An event is written in a
 * statement of its own with the store's time, and looked for until long after that, so that neither
 * clocks nor the order of commits can hide one. What a node could not tell any more before it died
 * is not known: its death is noticed instead. Used by one thread.
 */
public final class NodeEvents {

  /** How long before the last look an event may have been written that was not there yet. */
  private static final Duration OVERLAP = Duration.ofSeconds(30);

  /** How long events are kept. */
  private static final Duration KEEP = Duration.ofMinutes(5);

  private static final int MOST_DATA = 1 << 20;

  private final Database database;
  private final Peers peers;
  private final String self;
  private final Map<Long, Long> seen = new HashMap<>();
  private final Map<String, Long> alive = new HashMap<>();
  private long looked;
  private long cleaned;

  public NodeEvents(Database database, Peers peers, String self) {
    this.database = database;
    this.peers = peers;
    this.self = self;
    this.looked = now();
    this.cleaned = looked;
  }

  /** An event of another node. */
  public record Carried(String name, String data) {}

  /**
   * What there is to tell.
   *
   * @param missed true when there may have been more, which nobody knows any more
   */
  public record Look(List<Carried> events, boolean missed) {}

  /** Tells the other nodes. */
  public void write(String name, String data) {
    if (data.length() > MOST_DATA) {
      throw new IllegalArgumentException("an event of " + data.length() + " characters");
    }
    database.useTransaction(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO node_event (node, at, name, data) VALUES (:node, "
                        + database.dialect().now()
                        + ", :name, :data)")
                .bind("node", self)
                .bind("name", name)
                .bind("data", data)
                .execute());
  }

  /** What the other nodes have told since the last look, in their order as far as it is known. */
  public Look look() {
    boolean missed = someoneHasDied();
    long now = now();
    // Then events that were never looked at may be gone.
    missed |= now - looked > KEEP.minus(OVERLAP).toMillis();
    long since = Math.min(looked, now) - OVERLAP.toMillis();
    List<Carried> events = new ArrayList<>();
    Map<Long, Long> found = new HashMap<>();
    database.<Boolean, RuntimeException>with(
        handle -> {
          handle
              .createQuery("SELECT id, at FROM node_event WHERE at >= :since AND node <> :self")
              .bind("since", since)
              .bind("self", self)
              .map((row, context) -> Map.entry(row.getLong("id"), row.getLong("at")))
              .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
          List<Long> fresh =
              found.keySet().stream().filter(id -> !seen.containsKey(id)).sorted().toList();
          for (long id : fresh) {
            handle
                .createQuery("SELECT name, data FROM node_event WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> new Carried(row.getString("name"), row.getString("data")))
                .findOne()
                .ifPresent(events::add);
          }
          return true;
        });
    seen.keySet().retainAll(found.keySet());
    seen.putAll(found);
    looked = now;
    clean(now);
    return new Look(events, missed);
  }

  /** A node may have changed something and died before it could tell. */
  private boolean someoneHasDied() {
    Map<String, Long> living = new HashMap<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive() && !peer.name().equals(self)) {
        living.put(peer.name(), peer.epoch());
      }
    }
    Set<Map.Entry<String, Long>> gone = new HashSet<>(alive.entrySet());
    gone.removeAll(living.entrySet());
    alive.clear();
    alive.putAll(living);
    return !gone.isEmpty();
  }

  private void clean(long now) {
    if (now - cleaned > KEEP.toMillis() / 5) {
      cleaned = now;
      database.useTransaction(
          handle ->
              handle
                  .createUpdate("DELETE FROM node_event WHERE at < :before")
                  .bind("before", now - KEEP.toMillis())
                  .execute());
    }
  }

  private long now() {
    return database.with(
        handle -> handle.createQuery("SELECT " + database.dialect().now()).mapTo(Long.class).one());
  }
}
