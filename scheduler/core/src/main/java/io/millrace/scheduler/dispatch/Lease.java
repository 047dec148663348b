package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.NodeTime;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's lease, and ends what runs here before the lease does when it cannot be renewed.
 * Safe for use by several threads.
 */
public final class Lease implements Dispatcher.Membership, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Lease.class);
  private static final int PATIENCE_SECONDS = 5;

  private final Database database;
  private final Nodes nodes;
  private final Settlement settlement;
  private final Dispatcher dispatcher;
  private final String name;
  private final NodeTime time;
  private final Consumer<Boolean> tolerable;
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean clockIsWrong;
  private volatile @Nullable Node node;
  private volatile long renewed;

  /**
   * @param time tells when this node's clock is so far from the store's that it may take no work
   * @param tolerable is told false when that begins, and true when it is over
   */
  public Lease(
      Database database,
      Nodes nodes,
      Settlement settlement,
      Dispatcher dispatcher,
      String name,
      NodeTime time,
      Consumer<Boolean> tolerable) {
    this.database = database;
    this.nodes = nodes;
    this.settlement = settlement;
    this.dispatcher = dispatcher;
    this.name = name;
    this.time = time;
    this.tolerable = tolerable;
    this.timer =
        new ScheduledThreadPoolExecutor(
            2,
            task -> {
              Thread thread = new Thread(task, "millrace-lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Registers the node and takes over what its earlier life has left. */
  public void start() {
    register();
    long every = Math.max(1, nodes.lease().toMillis() / 4);
    timer.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
    // On a thread of its own: a store that does not answer must not keep it from acting.
    timer.scheduleWithFixedDelay(this::watch, every / 4, every / 4 + 1, TimeUnit.MILLISECONDS);
  }

  private void register() {
    long before = System.nanoTime();
    Node registered = database.inTransaction(handle -> nodes.register(handle, name));
    // First of all: should it fail, the node registers once more, and nothing stays behind.
    settlement.recover(registered);
    renewed = before;
    node = registered;
  }

  private void renew() {
    try {
      Node known = node;
      if (known == null) {
        if (dispatcher.running() == 0) {
          register();
        }
        return;
      }
      long before = System.nanoTime();
      if (database.inTransaction(handle -> nodes.renew(handle, known))) {
        renewed = before;
        settlement.recover();
      } else {
        lose("the lease of node " + name + " has ended");
      }
    } catch (RuntimeException e) {
      logger.warn("The lease of node {} could not be renewed: {}", name, e.toString());
    }
  }

  /** A quarter of the lease is left for attempts to end in. */
  private void watch() {
    watchClock();
    long limit = nodes.lease().toNanos() * 3 / 4;
    if (node != null && System.nanoTime() - renewed > limit) {
      lose("the store does not answer, and the lease of node " + name + " is about to end");
    }
  }

  /** What runs goes on: leases are in the time of the store. */
  private void watchClock() {
    Optional<String> problem = time.problem();
    if (problem.isPresent() == clockIsWrong) {
      return;
    }
    clockIsWrong = problem.isPresent();
    problem.ifPresentOrElse(
        why -> logger.error("Node {} takes no work: {}: set this machine's clock (NTP)", name, why),
        () -> logger.info("Node {} takes work again: its clock is right", name));
    try {
      tolerable.accept(problem.isEmpty());
    } catch (RuntimeException e) {
      // Thrown, it would be the last look.
      logger.error("The clockwork of node {} could not be told of its clock", name, e);
    }
  }

  private void lose(String reason) {
    node = null;
    logger.error("Attempts on this node are ended: {}", reason);
    dispatcher.abandonAll(reason);
  }

  @Override
  public @Nullable Node node() {
    Node known = node;
    boolean holds = System.nanoTime() - renewed < nodes.lease().toNanos() / 2;
    return holds && !clockIsWrong ? known : null;
  }

  /** Gives the lease back. */
  @Override
  public void close() {
    // Not by an interrupt, which would have H2 close its file.
    timer.shutdown();
    try {
      if (!timer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        logger.warn("The lease of node {} is still being renewed while the node stops", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Node known = node;
    node = null;
    if (known != null) {
      database.useTransaction(handle -> nodes.leave(handle, known));
    }
  }
}
