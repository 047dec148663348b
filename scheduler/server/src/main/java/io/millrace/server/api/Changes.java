package io.millrace.server.api;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Progression;
import io.millrace.server.event.Events;
import io.millrace.server.node.NodeEvents;
import io.millrace.server.node.NodeEvents.Carried;
import io.millrace.server.route.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients which instances have changed, and to what, whichever node has changed them. One
 * thread reads the state and tells it, so that an older state never follows a newer one. Safe for
 * use by several threads.
 */
final class Changes {

  /** What it is called. */
  static final String EVENT = "instances";

  private static final Logger logger = LoggerFactory.getLogger(Changes.class);
  private static final int MOST = 500;

  /** How often the other nodes are told and listened to. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Scheduler scheduler;
  private final Events events;
  private final @Nullable NodeEvents nodes;
  private final Thread thread = new Thread(this::run, "millrace-events");
  private final Set<Long> waiting = new LinkedHashSet<>();
  private final List<Carried> toTell = new ArrayList<>();
  private boolean closed;

  // Of the thread alone.
  private final Set<Long> untold = new LinkedHashSet<>();
  private final List<Carried> untoldEvents = new ArrayList<>();
  private long nextLook = System.nanoTime();
  private boolean missed;

  /**
   * @param nodes carries changes between the nodes of the store; null for a store of one node
   */
  Changes(Scheduler scheduler, Events events, @Nullable NodeEvents nodes) {
    this.scheduler = scheduler;
    this.events = events;
    this.nodes = nodes;
    thread.setDaemon(true);
    thread.start();
  }

  /** An instance as it is now. */
  record ChangedInstance(
      long id,
      long taskId,
      InstanceKind kind,
      LocalDate businessDate,
      InstanceState state,
      Instant changedAt) {

    static ChangedInstance of(Instance instance) {
      return new ChangedInstance(
          instance.id(),
          instance.taskId(),
          instance.kind(),
          instance.businessDate(),
          instance.state(),
          instance.changedAt());
    }
  }

  /** Notes that some instances have changed on this node. Never waits. */
  synchronized void publish(Progression.Outcome outcome) {
    waiting.addAll(outcome.changed());
    notifyAll();
  }

  /** Tells an event of this node, on all nodes. Never waits. */
  synchronized void tell(String name, String json) {
    if (toTell.size() < MOST) {
      toTell.add(new Carried(name, json));
    }
    notifyAll();
  }

  private void run() {
    try {
      while (awaitWork()) {
        try {
          work();
        } catch (RuntimeException e) {
          missed = true;
          logger.warn("Clients could not be told of changes; they read anew: {}", e.toString());
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false when the server stops. */
  private synchronized boolean awaitWork() throws InterruptedException {
    while (!closed && waiting.isEmpty() && toTell.isEmpty() && !missed) {
      long left = nodes == null ? 0 : (nextLook - System.nanoTime()) / 1_000_000;
      if (nodes != null && left <= 0) {
        return true;
      }
      wait(left);
    }
    return !closed;
  }

  private synchronized void pause() throws InterruptedException {
    if (!closed) {
      wait(LOOK_EVERY.toMillis());
    }
  }

  private synchronized Set<Long> take() {
    Set<Long> taken = new LinkedHashSet<>(waiting);
    waiting.clear();
    return taken;
  }

  private synchronized List<Carried> takeEvents() {
    List<Carried> taken = List.copyOf(toTell);
    toTell.clear();
    return taken;
  }

  private void work() {
    for (Carried event : takeEvents()) {
      events.publish(event.name(), event.data());
      if (untoldEvents.size() < MOST) {
        untoldEvents.add(event);
      }
    }
    Set<Long> changed = take();
    boolean resync = missed;
    if (nodes != null) {
      untold.addAll(changed);
      if (System.nanoTime() - nextLook >= 0) {
        nextLook = System.nanoTime() + LOOK_EVERY.toNanos();
        tellOthers(nodes);
        NodeEvents.Look look = nodes.look();
        resync |= look.missed();
        for (Carried event : look.events()) {
          switch (event.name()) {
            case EVENT -> changed.addAll(numbers(event.data()));
            case Events.RESYNC -> resync = true;
            default -> events.publish(event.name(), event.data());
          }
        }
      }
    }
    if (resync || changed.size() > MOST) {
      // Whoever shows so many reads them anew in any case.
      events.publish(Events.RESYNC, "{}");
    } else if (!changed.isEmpty()) {
      List<ChangedInstance> now =
          scheduler.database().with(handle -> scheduler.instances().all(handle, changed)).stream()
              .map(ChangedInstance::of)
              .toList();
      events.publish(EVENT, Json.text(now));
    }
    missed = false;
    if (nodes == null) {
      untoldEvents.clear();
    }
  }

  private void tellOthers(NodeEvents others) {
    if (untold.size() > MOST) {
      others.write(Events.RESYNC, "");
    } else if (!untold.isEmpty()) {
      others.write(
          EVENT, untold.stream().map(id -> Long.toString(id)).collect(Collectors.joining(",")));
    }
    untold.clear();
    while (!untoldEvents.isEmpty()) {
      others.write(untoldEvents.get(0).name(), untoldEvents.get(0).data());
      untoldEvents.remove(0);
    }
  }

  private static List<Long> numbers(String data) {
    return Arrays.stream(data.split(",")).map(Long::parseLong).toList();
  }

  /** Tells no more. Not by an interrupt: that could end the store's file in the midst of a read. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
