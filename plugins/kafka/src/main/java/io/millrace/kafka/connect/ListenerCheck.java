package io.millrace.kafka.connect;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Asks a broker's listener what it speaks, before a client is made: Kafka's clients take a listener
 * of another kind for one that does not answer, and the answer of TLS for the length of a very long
 * one. Nothing secret is sent. Whatever is not certain is left to the client. Stateless.
 */
final class ListenerCheck {

  private static final int PATIENCE_MILLIS = 3_000;

  /** The longest answer that is looked at. */
  private static final int MOST_BYTES = 1 << 20;

  private static final short API_VERSIONS = 18;
  private static final short SASL_HANDSHAKE = 17;
  private static final short UNSUPPORTED_SASL_MECHANISM = 33;
  private static final short ILLEGAL_SASL_STATE = 34;
  private static final int CORRELATION = 0x4d72;

  /** The first bytes of what TLS answers: an alert or a handshake, of any version. */
  private static final int TLS_ALERT = 0x1503;

  private static final int TLS_HANDSHAKE = 0x1603;

  private ListenerCheck() {}

  /** The answer begins as TLS does. */
  private static final class TlsAnswer extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Asks the first broker that can be reached.
   *
   * @param tls what the clients use for TLS; null where they use none
   * @param mechanism how an account is proved; null where none is given
   * @throws MillraceException when the listener speaks something else than the options say
   */
  static void require(
      String server,
      @Nullable SSLContext tls,
      @Nullable String mechanism,
      Cancellation cancellation) {
    long begin = System.nanoTime();
    for (String each : server.split(",", -1)) {
      if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
        return;
      }
      int colon = each.lastIndexOf(':');
      String host = each.substring(0, colon).strip().replaceAll("[\\[\\]]", "");
      int port = Integer.parseInt(each.substring(colon + 1).strip());
      cancellation.throwIfCancelled();
      try (Socket socket = connected(host, port);
          var registration = cancellation.onCancel(() -> close(socket))) {
        require(new Listener(each.strip(), host, port), socket, tls, mechanism);
        return;
      } catch (IOException e) {
        // This one is not reached, or says nothing that can be understood.
        continue;
      }
    }
    cancellation.throwIfCancelled();
  }

  private record Listener(String name, String host, int port) {}

  private static Socket connected(String host, int port) throws IOException {
    Socket socket = new Socket();
    boolean usable = false;
    try {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new SocketException("no such host");
      }
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      usable = true;
      return socket;
    } finally {
      if (!usable) {
        close(socket);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is not used any more.
      return;
    }
  }

  private static void require(
      Listener listener, Socket socket, @Nullable SSLContext tls, @Nullable String mechanism)
      throws IOException {
    boolean sasl = mechanism != null;
    Socket used = socket;
    if (tls != null) {
      SSLSocket secured =
          (SSLSocket)
              tls.getSocketFactory().createSocket(socket, listener.host(), listener.port(), true);
      try {
        secured.startHandshake();
      } catch (SSLException | EOFException | SocketException e) {
        if (speaksPlainly(listener)) {
          throw wrong(
              listener,
              "speaks no TLS, and 'securityProtocol' is "
                  + (sasl ? "SASL_SSL" : "SSL")
                  + "; set it to "
                  + (sasl ? "SASL_PLAINTEXT" : "PLAINTEXT")
                  + ", or give the port of its listener with TLS in 'server'");
        }
        return;
      }
      used = secured;
    }
    try {
      exchange(used, API_VERSIONS, null);
      requireAccount(listener, used, tls != null, mechanism);
    } catch (TlsAnswer e) {
      throw wantsTls(listener, sasl);
    } catch (EOFException | SocketException e) {
      if (tls == null && speaksTls(listener)) {
        throw wantsTls(listener, sasl);
      }
    }
  }

  private static MillraceException wantsTls(Listener listener, boolean sasl) {
    return wrong(
        listener,
        "speaks TLS, and 'securityProtocol' is "
            + (sasl ? "SASL_PLAINTEXT" : "PLAINTEXT")
            + "; set it to "
            + (sasl ? "SASL_SSL" : "SSL, or SASL_SSL with an account")
            + ", or give the port of its listener without TLS in 'server'");
  }

  /** A listener that wants an account tells which mechanisms it has. */
  private static void requireAccount(
      Listener listener, Socket socket, boolean tls, @Nullable String mechanism)
      throws IOException {
    DataInputStream answer =
        exchange(socket, SASL_HANDSHAKE, mechanism == null ? "PLAIN" : mechanism);
    short error = answer.readShort();
    if (error == ILLEGAL_SASL_STATE && mechanism != null) {
      throw wrong(
          listener,
          "asks for no account; set 'securityProtocol' to "
              + (tls ? "SSL" : "PLAINTEXT")
              + " and leave 'username' and 'password' out, or give the port of its listener for"
              + " accounts in 'server'");
    }
    // Who tells no mechanism may only not know the question.
    String known = error == 0 || error == UNSUPPORTED_SASL_MECHANISM ? mechanisms(answer) : "";
    if (known.isEmpty()) {
      return;
    }
    if (mechanism == null) {
      throw wrong(
          listener,
          "wants an account; give 'username' and 'password', 'securityProtocol' "
              + (tls ? "SASL_SSL" : "SASL_PLAINTEXT")
              + " and as 'saslMechanism' one of "
              + known);
    }
    if (error == UNSUPPORTED_SASL_MECHANISM) {
      throw wrong(listener, "does not have the 'saslMechanism' " + mechanism + "; it has " + known);
    }
  }

  private static String mechanisms(DataInputStream answer) throws IOException {
    List<String> mechanisms = new ArrayList<>();
    int count = answer.readInt();
    for (int i = 0; i < count; i++) {
      mechanisms.add(answer.readUTF().replaceAll("[^A-Za-z0-9_-]", "?"));
    }
    return String.join(", ", mechanisms);
  }

  private static MillraceException wrong(Listener listener, String what) {
    return new MillraceException(
        StandardError.CONFIGURATION, "the listener at " + listener.name() + " " + what);
  }

  private static boolean speaksPlainly(Listener listener) {
    try (Socket socket = connected(listener.host(), listener.port())) {
      exchange(socket, API_VERSIONS, null);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Greets as TLS does and looks at the first bytes of the answer. */
  private static boolean speaksTls(Listener listener) {
    try (Socket socket = connected(listener.host(), listener.port())) {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer greeting = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), greeting);
      socket.getOutputStream().write(greeting.array(), 0, greeting.position());
      int begin = new DataInputStream(socket.getInputStream()).readUnsignedShort();
      return begin == TLS_ALERT || begin == TLS_HANDSHAKE;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * Sends a request of Kafka's protocol, in the oldest form, which every version answers.
   *
   * @return the answer behind its header
   */
  private static DataInputStream exchange(Socket socket, short api, @Nullable String text)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream request = new DataOutputStream(bytes);
    request.writeShort(api);
    // The first version of the handshake is followed by a bare exchange of tokens.
    request.writeShort(api == SASL_HANDSHAKE ? 1 : 0);
    request.writeInt(CORRELATION);
    request.writeShort(-1);
    if (text != null) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      request.writeShort(utf8.length);
      request.write(utf8);
    }
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(bytes.size());
    bytes.writeTo(out);
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int size = in.readInt();
    if (size >>> 16 == TLS_ALERT) {
      throw new TlsAnswer();
    }
    if (size < Integer.BYTES || size > MOST_BYTES || in.readInt() != CORRELATION) {
      throw new SocketTimeoutException("no answer of Kafka's protocol");
    }
    byte[] body = in.readNBytes(size - Integer.BYTES);
    return new DataInputStream(new ByteArrayInputStream(body));
  }
}
