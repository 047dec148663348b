package io.millrace.server;

import io.millrace.server.security.SecuritySettings;
import java.time.Duration;
import java.util.Set;

/**
 * Where the server listens and what it bears.
 *
 * @param host the address to listen on; a loopback address unless others are to reach it
 * @param port 0 for any that is free
 * @param hosts the names by which clients may call it, beside the loopback ones; when empty, a
 *     server that listens on other addresses takes every name
 * @param bodyBytes the largest body of a request
 * @param threads for ordinary requests
 * @param streams the most event streams at a time; each has a thread of its own
 * @param streamsEach how many of them one account may have
 * @param idle after what time a silent connection is closed
 * @param stop how long running requests may take to finish at the end
 * @param idleAtStop after what time a silent connection is closed then, also one whose request is
 *     slow to arrive or whose answer is slow to be taken
 * @param security how strict the login is
 */
public record ServerSettings(
    String host,
    int port,
    Set<String> hosts,
    int bodyBytes,
    int threads,
    int streams,
    int streamsEach,
    Duration idle,
    Duration stop,
    Duration idleAtStop,
    SecuritySettings security) {

  public ServerSettings {
    hosts = Set.copyOf(hosts);
  }

  /** For this machine alone. */
  public static ServerSettings loopback(int port) {
    return new ServerSettings(
        "127.0.0.1",
        port,
        Set.of(),
        1 << 20,
        32,
        64,
        16,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        SecuritySettings.defaults());
  }

  /** The same with another security. */
  public ServerSettings with(SecuritySettings other) {
    return new ServerSettings(
        host, port, hosts, bodyBytes, threads, streams, streamsEach, idle, stop, idleAtStop, other);
  }

  /** The same, waiting so long for silent connections at the end. */
  public ServerSettings withIdleAtStop(Duration other) {
    return new ServerSettings(
        host, port, hosts, bodyBytes, threads, streams, streamsEach, idle, stop, other, security);
  }
}
