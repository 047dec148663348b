package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.store.Database;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the nodes of one store know of each other. Safe for use by several threads. */
public final class Peers {

  private final Database database;

  public Peers(Database database) {
    this.database = database;
  }

  /**
   * A node as the others see it.
   *
   * @param address where it is reached, such as {@code http://10.0.0.3:7575}; empty when it is not
   * @param epoch another one after each start, and when it was taken for dead
   * @param alive true while its lease holds
   */
  public record Peer(String name, String address, long epoch, boolean alive) {}

  /**
   * Tells the others about this node. Its lease is a matter of its own.
   *
   * @param address see {@link Peer}
   * @param keyPrints of every key that it has
   */
  public void announce(String name, String address, Set<String> keyPrints) {
    String prints = String.join(",", keyPrints);
    database.useTransaction(
        handle -> {
          boolean known =
              handle
                  .createQuery("SELECT name FROM node WHERE name = :name")
                  .bind("name", name)
                  .mapTo(String.class)
                  .findOne()
                  .isPresent();
          handle
              .createUpdate(
                  known
                      ? "UPDATE node SET address = :address, key_prints = :prints"
                          + " WHERE name = :name"
                      : "INSERT INTO node (name, epoch, lease_until, started_at, address,"
                          + " key_prints) VALUES (:name, 0, 0, 0, :address, :prints)")
              .bind("name", name)
              .bind("address", address)
              .bind("prints", prints)
              .execute();
        });
  }

  /** The living nodes, other than {@code name}, that share no key with these. */
  public List<String> withOtherKeys(String name, Set<String> keyPrints) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT name, key_prints FROM node WHERE name <> :name AND key_prints <> ''"
                        + " AND lease_until > "
                        + database.dialect().now()
                        + " ORDER BY name")
                .bind("name", name)
                .map(
                    (row, context) ->
                        Collections.disjoint(
                                Arrays.asList(row.getString("key_prints").split(",")), keyPrints)
                            ? Optional.of(row.getString("name"))
                            : Optional.<String>empty())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  /** The node of this name. */
  public Optional<Peer> find(String name) {
    return all().stream().filter(peer -> peer.name().equals(name)).findFirst();
  }

  /** Every node that ever was, by name. */
  public List<Peer> all() {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT name, address, epoch, CASE WHEN lease_until > "
                        + database.dialect().now()
                        + " THEN 1 ELSE 0 END AS alive FROM node ORDER BY name")
                .map(
                    (row, context) ->
                        new Peer(
                            row.getString("name"),
                            row.getString("address"),
                            row.getLong("epoch"),
                            row.getInt("alive") == 1))
                .list());
  }
}
