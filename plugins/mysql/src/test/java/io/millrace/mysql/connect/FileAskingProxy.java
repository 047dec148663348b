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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hostile server: passes on what a client sends to a real one, but answers one message of its
 * choice by asking for a file, and keeps what it is sent.
 */
public final class FileAskingProxy implements AutoCloseable {

  private static final int FILE_REQUEST = 0xfb;

  private static final int PATIENCE_MILLIS = 1000;

  /** COM_QUERY, with or without attributes. */
  private static final Pattern SETTING =
      Pattern.compile("\\x03(?:\\x00\\x01)?\\s*(?:/\\*.*?\\*/\\s*)?(SET\\s.*)", Pattern.DOTALL);

  private final boolean refusing;
  private final List<String> settings = new ArrayList<>();

  private final String host;
  private final int port;
  private final String file;
  private final int victim;
  private final ServerSocket listener;
  private final AtomicInteger messages = new AtomicInteger();
  private final ByteArrayOutputStream stolen = new ByteArrayOutputStream();

  /**
   * @param file what it asks for
   * @param victim the number of the message that it answers so, from 0, over all connections; each
   *     login is one, and each statement
   */
  public FileAskingProxy(String host, int port, String file, int victim) throws IOException {
    this(host, port, file, victim, false);
  }

  private FileAskingProxy(String host, int port, String file, int victim, boolean refusing)
      throws IOException {
    this.refusing = refusing;
    this.host = host;
    this.port = port;
    this.file = file;
    this.victim = victim;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /**
   * A server that lets an ordinary account set less: it answers one statement {@code SET} by error
   * 1227, in every session in which it comes, and passes on all others.
   *
   * @param victim the number of the statement, from 0, among the different ones
   */
  public static FileAskingProxy refusing(String host, int port, int victim) throws IOException {
    return new FileAskingProxy(host, port, "", victim, true);
  }

  /** The statement that was refused; null before it came. */
  public @Nullable String refused() {
    synchronized (settings) {
      return settings.size() > victim ? settings.get(victim) : null;
    }
  }

  private boolean isRefused(Packet packet) {
    String text = new String(packet.content, StandardCharsets.ISO_8859_1);
    Matcher setting = SETTING.matcher(text);
    if (!setting.lookingAt()) {
      return false;
    }
    synchronized (settings) {
      String sql = setting.group(1);
      if (!settings.contains(sql)) {
        settings.add(sql);
      }
      return settings.indexOf(sql) == victim;
    }
  }

  private static void refuse(OutputStream client, int number) throws IOException {
    byte[] text =
        "#42000Access denied; you need SESSION_VARIABLES_ADMIN".getBytes(StandardCharsets.US_ASCII);
    byte[] error = new byte[text.length + 3];
    error[0] = (byte) 0xff;
    error[1] = (byte) 1227;
    error[2] = (byte) (1227 >> 8);
    System.arraycopy(text, 0, error, 3, text.length);
    new Packet(number, error).write(client);
    client.flush();
  }

  /** The port of 127.0.0.1 at which it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** True once it has asked. */
  public boolean hasAsked() {
    return messages.get() > victim;
  }

  /** What clients have sent when they were asked. */
  public String stolen() {
    synchronized (stolen) {
      return stolen.toString(StandardCharsets.UTF_8);
    }
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // An end has closed its connection.
              }
            },
            "file-asking-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private interface Task {
    void run() throws IOException;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(host, port);
      start(
          () -> {
            try (client;
                server) {
              copy(server.getInputStream(), client.getOutputStream());
            }
          });
      start(
          () -> {
            try (client;
                server) {
              passOn(client, server.getOutputStream());
            }
          });
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] portion = new byte[1 << 16];
    for (int length = in.read(portion); length >= 0; length = in.read(portion)) {
      out.write(portion, 0, length);
    }
  }

  private void passOn(Socket client, OutputStream server) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    boolean first = true;
    while (true) {
      Packet packet = Packet.read(in);
      // Of a statement the first packet has number 0; a login is what is sent first.
      boolean begins = first || packet.number == 0;
      first = false;
      if (refusing && begins) {
        if (isRefused(packet)) {
          refuse(client.getOutputStream(), packet.number + 1);
        } else {
          packet.write(server);
        }
        continue;
      }
      if (begins && messages.getAndIncrement() == victim) {
        // Where a file is no possible answer, a client waits for the rest of what it takes it for.
        client.setSoTimeout(PATIENCE_MILLIS);
        ask(client.getOutputStream(), packet.number + 1, in);
        return;
      }
      packet.write(server);
    }
  }

  private void ask(OutputStream client, int number, DataInputStream in) throws IOException {
    byte[] name = file.getBytes(StandardCharsets.UTF_8);
    byte[] request = new byte[name.length + 1];
    request[0] = (byte) FILE_REQUEST;
    System.arraycopy(name, 0, request, 1, name.length);
    new Packet(number, request).write(client);
    client.flush();
    while (true) {
      Packet sent = Packet.read(in);
      if (sent.content.length == 0) {
        return;
      }
      synchronized (stolen) {
        stolen.write(sent.content);
      }
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
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
