package io.millrace.mysql.connect;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts in front of a server that does not, with a certificate that can be exchanged: the server
 * itself, or a man in the middle, who reads what is sent. Keeps what it was sent as a login.
 */
final class TlsFront implements AutoCloseable {

  /**
   * Made by {@code keytool -genkeypair -alias server -keyalg EC -dname CN=first -validity 36500
   * -storetype PKCS12}. The keys are known to everybody and protect nothing.
   */
  private static final char[] PASSWORD = "untrusted".toCharArray();

  private static final int OTHER_METHOD = 0xfe;
  private static final int CLIENT_SSL = 0x08;
  private static final int CAPABILITIES_AFTER_VERSION = 4 + 8 + 1 + 1;

  private final String host;
  private final int port;
  private final ServerSocket listener;
  private final ByteArrayOutputStream logins = new ByteArrayOutputStream();
  private volatile @Nullable String keys;
  private volatile @Nullable String wantedPlugin;

  /**
   * @param keys {@code first} or {@code second}; null to encrypt nothing
   */
  TlsFront(String host, int port, @Nullable String keys) throws IOException {
    this.host = host;
    this.port = port;
    this.keys = keys;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** New connections are shown another certificate from now on; none with null. */
  void show(@Nullable String other) {
    keys = other;
  }

  /** New connections are asked to log in by another method, and hear no more. */
  void want(String plugin) {
    wantedPlugin = plugin;
  }

  /** Everything that clients have sent to log in, decrypted. */
  String logins() {
    synchronized (logins) {
      return logins.toString(StandardCharsets.ISO_8859_1);
    }
  }

  static X509Certificate certificate(String keys) throws IOException, GeneralSecurityException {
    return (X509Certificate) store(keys).getCertificate("server");
  }

  private static KeyStore store(String keys) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = TlsFront.class.getResourceAsStream(keys + ".p12")) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // An end has closed its connection.
              } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
              }
            },
            "tls-front");
    thread.setDaemon(true);
    thread.start();
  }

  private interface Task {
    void run() throws IOException, GeneralSecurityException;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(host, port);
      start(
          () -> {
            try (client;
                server) {
              String shown = keys;
              if (shown == null) {
                plain(client, server);
              } else {
                encrypt(client, server, shown);
              }
            }
          });
    }
  }

  private void plain(Socket client, Socket server) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    Packet.read(new DataInputStream(server.getInputStream())).write(client.getOutputStream());
    Packet login = Packet.read(in);
    note(login);
    String plugin = wantedPlugin;
    if (plugin != null) {
      ask(plugin, login, in, client.getOutputStream());
      return;
    }
    login.write(server.getOutputStream());
    pump(in, client.getOutputStream(), server);
  }

  private void encrypt(Socket client, Socket server, String shown)
      throws IOException, GeneralSecurityException {
    DataInputStream fromServer = new DataInputStream(server.getInputStream());
    Packet greeting = Packet.read(fromServer);
    int version = 1;
    while (greeting.content[version] != 0) {
      version++;
    }
    greeting.content[version + CAPABILITIES_AFTER_VERSION + 1] |= CLIENT_SSL;
    greeting.write(client.getOutputStream());
    Packet.read(new DataInputStream(client.getInputStream()));
    SSLSocket secured =
        (SSLSocket)
            context(shown)
                .getSocketFactory()
                .createSocket(client, client.getInetAddress().getHostName(), 0, true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    DataInputStream in = new DataInputStream(secured.getInputStream());
    OutputStream out = secured.getOutputStream();
    Packet login = Packet.read(in);
    note(login);
    String plugin = wantedPlugin;
    if (plugin != null) {
      ask(plugin, login, in, out);
      return;
    }
    // The server has not seen the request for TLS: it counts one packet less.
    login.content[1] &= ~CLIENT_SSL;
    new Packet(login.number - 1, login.content).write(server.getOutputStream());
    Packet answer = Packet.read(fromServer);
    new Packet(answer.number + 1, answer.content).write(out);
    while ((answer.content[0] & 0xff) == OTHER_METHOD) {
      Packet proof = Packet.read(in);
      note(proof);
      new Packet(proof.number - 1, proof.content).write(server.getOutputStream());
      answer = Packet.read(fromServer);
      new Packet(answer.number + 1, answer.content).write(out);
    }
    pump(in, out, server);
  }

  /** Asks for another login, and for all of it: not for a proof alone. */
  private void ask(String plugin, Packet login, DataInputStream in, OutputStream out)
      throws IOException {
    String switching = "\u00fe" + plugin + "\0" + "01234567890123456789\0";
    new Packet(login.number + 1, switching.getBytes(StandardCharsets.ISO_8859_1)).write(out);
    Packet proof = Packet.read(in);
    note(proof);
    new Packet(proof.number + 1, new byte[] {1, 4}).write(out);
    note(Packet.read(in));
  }

  private static void pump(InputStream in, OutputStream out, Socket server) {
    start(
        () -> {
          try (out) {
            copy(server.getInputStream(), out);
          }
        });
    try {
      copy(in, server.getOutputStream());
    } catch (IOException e) {
      // An end has closed its connection.
    }
  }

  private void note(Packet packet) {
    synchronized (logins) {
      logins.writeBytes(packet.content);
    }
  }

  private static SSLContext context(String keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store(keys), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] portion = new byte[1 << 16];
    for (int length = in.read(portion); length >= 0; length = in.read(portion)) {
      out.write(portion, 0, length);
      out.flush();
    }
  }

  private record Packet(int number, byte[] content) {

    static Packet read(DataInputStream in) throws IOException {
      int low = in.read();
      if (low < 0) {
        throw new EOFException();
      }
      int length = low | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
      int number = in.readUnsignedByte();
      byte[] content = new byte[length];
      in.readFully(content);
      return new Packet(number, content);
    }

    void write(OutputStream out) throws IOException {
      byte[] whole = new byte[content.length + 4];
      whole[0] = (byte) content.length;
      whole[1] = (byte) (content.length >> 8);
      whole[2] = (byte) (content.length >> 16);
      whole[3] = (byte) number;
      System.arraycopy(content, 0, whole, 4, content.length);
      out.write(whole);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
