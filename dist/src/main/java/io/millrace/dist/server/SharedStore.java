package io.millrace.dist.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.datasource.KeySignatures;
import io.millrace.scheduler.dispatch.Peers;
import io.millrace.scheduler.store.Database;
import io.millrace.server.api.ApiRoutes;
import io.millrace.server.node.NodeCalls;
import io.millrace.server.node.NodeClient;
import io.millrace.server.node.NodeEvents;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What makes this server one of the nodes of a store. A store in a file has one node only. */
final class SharedStore {

  private final ServerPlan plan;
  private final KeyFile keys;
  private final String node;
  private final Set<String> prints;
  private final Peers peers;
  private final @Nullable NodeCalls calls;
  private final ApiRoutes.@Nullable OtherNodes others;

  SharedStore(ServerPlan plan, Database database, KeyFile keys, String node) {
    this.plan = plan;
    this.keys = keys;
    this.node = node;
    this.peers = new Peers(database);
    KeySignatures signatures = new KeySignatures(keys);
    this.prints = signatures.prints();
    this.calls = plan.store() == null ? null : new NodeCalls(database, signatures, node);
    this.others =
        calls == null
            ? null
            : new ApiRoutes.OtherNodes(
                new NodeClient(peers, calls), new NodeEvents(database, peers, node));
  }

  /** Knows calls of other nodes; null where there are none. */
  @Nullable NodeCalls calls() {
    return calls;
  }

  /** Deals with other nodes; null where there are none. */
  ApiRoutes.@Nullable OtherNodes others() {
    return others;
  }

  /**
   * Tells the other nodes about this one, before it takes work.
   *
   * @param port that it listens on
   * @throws MillraceException when its keys are not theirs
   */
  void join(int port, Consumer<String> warnings) {
    if (calls == null) {
      return;
    }
    List<String> strangers = peers.withOtherKeys(node, prints);
    if (!strangers.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          keys.file()
              + ": the key file is not the one of node "
              + strangers.get(0)
              + ", which uses the same store: stop this server, copy data-sources.key from there"
              + " (mode 600), and start it again");
    }
    String address = address(port);
    peers.announce(node, address, prints);
    if (address.isEmpty() && plan.runs().startsWith(plan.data())) {
      warnings.accept(
          "other nodes of the store cannot show the logs of attempts that run here: set"
              + " server.advertise, or let all nodes share scheduler.runs");
    }
  }

  /** Where others reach this node; empty when they do not. */
  private String address(int port) {
    String wanted = plan.advertise();
    if (wanted != null) {
      return wanted;
    }
    String host = plan.host();
    if (isLoopback(host) || host.equals("0.0.0.0") || host.equals("::")) {
      return "";
    }
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** The names by which the server may be called: other nodes call it as it told them. */
  static Set<String> hosts(ServerPlan plan) {
    String address = plan.advertise();
    if (address == null || (plan.hosts().isEmpty() && !isLoopback(plan.host()))) {
      return plan.hosts();
    }
    Set<String> hosts = new TreeSet<>(plan.hosts());
    hosts.add(URI.create(address).getHost());
    return hosts;
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }
}
