package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.store.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The leases of the nodes, in the time of the store. A node that cannot renew its lease has lost it
 * for good: it registers anew. Every call works within the given handle's transaction. Stateless,
 * so safe for use by several threads.
 */
public final class Nodes {

  private final String now;
  private final Duration lease;

  /**
   * @param lease how long a node counts as alive after its last word
   */
  public Nodes(Dialect dialect, Duration lease) {
    this.now = dialect.now();
    this.lease = lease;
  }

  public Duration lease() {
    return lease;
  }

  /** Registers a node and fences whatever ran under its name before. */
  public Node register(Handle handle, String name) {
    Optional<Long> before = lock(handle, name);
    if (before.isEmpty()) {
      handle
          .createUpdate(
              "INSERT INTO node (name, epoch, lease_until, started_at) VALUES (:name, 1, "
                  + now
                  + " + :lease, "
                  + now
                  + ")")
          .bind("name", name)
          .bind("lease", lease.toMillis())
          .execute();
      return new Node(name, 1);
    }
    long epoch = before.get() + 1;
    handle
        .createUpdate(
            "UPDATE node SET epoch = :epoch, lease_until = "
                + now
                + " + :lease, started_at = "
                + now
                + " WHERE name = :name")
        .bind("name", name)
        .bind("epoch", epoch)
        .bind("lease", lease.toMillis())
        .execute();
    return new Node(name, epoch);
  }

  /**
   * Renews the lease.
   *
   * @return false when it has ended, or somebody has fenced the node: its attempts must end
   */
  public boolean renew(Handle handle, Node node) {
    return handle
            .createUpdate(
                "UPDATE node SET lease_until = "
                    + now
                    + " + :lease WHERE name = :name AND epoch = :epoch AND lease_until > "
                    + now)
            .bind("name", node.name())
            .bind("epoch", node.epoch())
            .bind("lease", lease.toMillis())
            .execute()
        == 1;
  }

  /** Gives the lease back, so that nobody waits for its end. */
  public void leave(Handle handle, Node node) {
    handle
        .createUpdate("UPDATE node SET lease_until = 0 WHERE name = :name AND epoch = :epoch")
        .bind("name", node.name())
        .bind("epoch", node.epoch())
        .execute();
  }

  /** Names of nodes whose lease has ended while instances run on them. */
  List<String> lost(Handle handle) {
    return handle
        .createQuery(
            "SELECT DISTINCT n.name FROM node n JOIN instance i ON i.node = n.name"
                + " WHERE i.state = 'RUNNING' AND n.lease_until <= "
                + now
                + " ORDER BY n.name")
        .mapTo(String.class)
        .list();
  }

  /**
   * Fences a node whose lease has ended.
   *
   * @return false when it has renewed it in the meantime
   */
  boolean fence(Handle handle, String name) {
    return handle
            .createUpdate(
                "UPDATE node SET epoch = epoch + 1 WHERE name = :name AND lease_until <= " + now)
            .bind("name", name)
            .execute()
        == 1;
  }

  /** The epoch of a node, with its row locked. */
  Optional<Long> lock(Handle handle, String name) {
    return handle
        .createQuery("SELECT epoch FROM node WHERE name = :name FOR UPDATE")
        .bind("name", name)
        .mapTo(Long.class)
        .findOne();
  }
}
