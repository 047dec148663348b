package io.millrace.server.node;

import io.millrace.scheduler.dispatch.Peers;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Calls another node. Only addresses that nodes have told the store are called, directly, and no
 * redirect is followed. Every call ends: each read has its time. Thread-safe.
 */
public final class NodeClient {

  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 10_000;
  private static final int MOST_BYTES = 16 << 20;

  private final Peers peers;
  private final NodeCalls calls;

  public NodeClient(Peers peers, NodeCalls calls) {
    this.peers = peers;
    this.calls = calls;
  }

  /** The name of this node. */
  public String self() {
    return calls.self();
  }

  /**
   * What is asked of a node.
   *
   * @param node its name
   * @param path made of constants and numbers, with its query
   * @param user on whose behalf
   * @param what is asked for, and where it lies there, in words that begin a sentence
   */
  public record Wanted(String node, String path, String user, String what) {}

  /** An answer with 200. */
  public static final class Reply {
    private final HttpURLConnection connection;
    private final InputStream content;

    private Reply(HttpURLConnection connection, InputStream content) {
      this.connection = connection;
      this.content = content;
    }

    /** A header; null when there is none. */
    public @Nullable String header(String name) {
      return connection.getHeaderField(name);
    }

    /** How many bytes the content has; -1 when that is not known. */
    public long bytes() {
      return connection.getContentLengthLong();
    }

    /** To be closed by the caller. */
    public InputStream content() {
      return new FilterInputStream(content) {
        @Override
        public void close() throws IOException {
          super.close();
          connection.disconnect();
        }
      };
    }

    /** The content as a whole, which is then closed. */
    public byte[] all() throws IOException {
      try (InputStream in = content) {
        byte[] all = in.readNBytes(MOST_BYTES + 1);
        if (all.length > MOST_BYTES) {
          throw new IOException("an answer of more than " + MOST_BYTES + " bytes");
        }
        return all;
      }
    }
  }

  /** Reads of an answer what is needed of it. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(Reply reply) throws IOException;
  }

  /**
   * Asks a node.
   *
   * @throws ProblemException 404 when it has no such thing; 422 when it refuses what is asked; 503
   *     when it does not answer, with where to look instead
   */
  public <T> T get(Wanted wanted, Reading<T> reading) {
    Peers.Peer peer =
        peers
            .find(wanted.node())
            .filter(Peers.Peer::alive)
            .orElseThrow(() -> unavailable(wanted, "which does not run: start it"));
    if (peer.address().isEmpty()) {
      throw unavailable(wanted, "which others cannot reach: set server.advertise there");
    }
    try {
      HttpURLConnection connection = connect(peer, wanted);
      int status = connection.getResponseCode();
      if (status == 200) {
        return reading.read(new Reply(connection, connection.getInputStream()));
      }
      connection.disconnect();
      throw switch (status) {
        case 404 ->
            ProblemException.notFound(
                wanted.what() + ", is not on node " + wanted.node() + " any more, or not yet");
        case 400, 422 ->
            new ProblemException(
                ProblemKind.REFUSED, "node " + wanted.node() + " does not understand the request");
        case 401 ->
            unavailable(
                wanted,
                "which does not know this node: all nodes need the same data-sources.key, and "
                    + peer.address()
                    + " must be the node's own address");
        default -> unavailable(wanted, "which answers with the status " + status);
      };
    } catch (IOException e) {
      throw unavailable(
          wanted,
          "which does not answer at "
              + peer.address()
              + " ("
              + e.getClass().getSimpleName()
              + "): see there");
    }
  }

  private HttpURLConnection connect(Peers.Peer peer, Wanted wanted) throws IOException {
    URI uri = URI.create(peer.address());
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IOException("not an address");
    }
    HttpURLConnection connection =
        (HttpURLConnection) uri.resolve(wanted.path()).toURL().openConnection(Proxy.NO_PROXY);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setUseCaches(false);
    connection.setRequestProperty(
        NodeCalls.HEADER, calls.sign("GET", wanted.path(), wanted.user(), wanted.node()));
    return connection;
  }

  private static ProblemException unavailable(Wanted wanted, String why) {
    return new ProblemException(
        ProblemKind.UNAVAILABLE, wanted.what() + ", lies on node " + wanted.node() + ", " + why);
  }
}
