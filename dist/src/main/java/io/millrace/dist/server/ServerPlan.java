package io.millrace.dist.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a server is wanted.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free
 * @param hosts names that clients may call the server by
 * @param advertise where other nodes of the store reach this one, as {@code http://host:port}; null
 *     to go by {@code host}
 * @param behindTlsProxy true when a proxy in front speaks TLS to the browsers
 * @param streamsEach how many logs and events one account may follow at a time
 * @param data where the store, the key file and the node's name are; made when not there
 * @param stop how long running attempts may take to finish at the end
 * @param store where the metadata is; null for a file in {@code data}
 * @param zone of the nightly time, and of tasks that state none
 * @param nightly when the next day's instances are made
 * @param lease how long this node counts as alive after its last word
 * @param clockSkew how far this node's clock may be away from the store's
 * @param runs where attempts keep their logs, dirty records and state
 * @param retention how long these, and the instances themselves, are kept after their end
 * @param webhook takes alerts; null for none
 * @param files which files of this machine tasks may reach
 */
public record ServerPlan(
    String host,
    int port,
    Set<String> hosts,
    @Nullable String advertise,
    boolean behindTlsProxy,
    int streamsEach,
    Path data,
    Duration stop,
    @Nullable Store store,
    ZoneId zone,
    LocalTime nightly,
    Duration lease,
    Duration clockSkew,
    Path runs,
    Duration retention,
    @Nullable Webhook webhook,
    Files files) {

  /** The same with more of what belongs to the server itself. */
  public ServerPlan withOwn(List<Path> more) {
    return new ServerPlan(
        host,
        port,
        hosts,
        advertise,
        behindTlsProxy,
        streamsEach,
        data,
        stop,
        store,
        zone,
        nightly,
        lease,
        clockSkew,
        runs,
        retention,
        webhook,
        files.withOwn(more));
  }

  /**
   * Which files of this machine tasks may reach.
   *
   * @param roots folders; {@code files} in the data directory is made when not there
   * @param own files and folders that no task may reach, beside the data and the runs
   * @param settings the file that says so, for messages
   */
  public record Files(List<Path> roots, List<Path> own, Path settings) {
    public Files {
      roots = List.copyOf(roots);
      own = List.copyOf(own);
    }

    Files withOwn(List<Path> more) {
      List<Path> all = new ArrayList<>(own);
      all.addAll(more);
      return new Files(roots, all, settings);
    }
  }

  /** A store that is not a file of the data directory. */
  public record Store(String url, String user, String password) {
    /** The URL may hold a password, too. */
    @Override
    public String toString() {
      return "store of " + user;
    }
  }

  /**
   * Where alerts are posted to.
   *
   * @param header the name of a header that proves who sends
   * @param value its value; empty when it is not sent
   */
  public record Webhook(URI url, String header, String value) {
    /** The URL is a secret with many services. */
    @Override
    public String toString() {
      return "webhook of " + url.getHost();
    }
  }
}
