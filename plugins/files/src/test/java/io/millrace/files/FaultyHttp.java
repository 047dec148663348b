package io.millrace.files;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a server that speaks HTTP and answers in its place, or with a part of what it said.
 * Each connection carries one request.
 */
final class FaultyHttp implements AutoCloseable {

  /** What a client asked. */
  record Request(String method, String target) {

    boolean is(String wanted, String part) {
      return method.equals(wanted) && target.contains(part);
    }
  }

  /**
   * What a client is told.
   *
   * @param head the status and the headers without the one that tells the length
   * @param length what it says the length is; negative where it says none
   * @param body what of it is really sent before the connection is closed
   */
  record Answer(List<String> head, long length, byte[] body) {

    static Answer of(int status, String body) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      List<String> head = List.of("HTTP/1.1 " + status + " x", "Content-Type: application/xml");
      return new Answer(head, bytes.length, bytes);
    }

    /** The same, of which only some bytes come. */
    Answer cut(int bytes) {
      return new Answer(head, length, Arrays.copyOf(body, Math.max(0, bytes)));
    }

    /** No answer at all. */
    static Answer none() {
      return new Answer(List.of(), -1, new byte[0]);
    }
  }

  /** The server behind. */
  interface Server {
    Answer answer() throws IOException;
  }

  /** Decides what a client is told. */
  interface Fault {
    Answer answer(Request request, Server server) throws IOException;
  }

  private final int port;
  private final Fault fault;
  private final ServerSocket listener;

  FaultyHttp(int port, Fault fault) {
    this.port = port;
    this.fault = fault;
    try {
      this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private static void daemon(Runnable action) {
    Thread thread = new Thread(action, "faulty-http");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        daemon(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (Socket client = accepted) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      List<String> head = head(in);
      if (head.isEmpty()) {
        return;
      }
      if (header(head, "expect") != null) {
        client
            .getOutputStream()
            .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      String length = header(head, "content-length");
      byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
      String[] words = head.get(0).split(" ");
      Request request = new Request(words[0], words[1]);
      Answer answer = fault.answer(request, () -> forward(head, body, words[0].equals("HEAD")));
      if (!answer.head().isEmpty()) {
        List<String> lines = new ArrayList<>(answer.head());
        lines.add("Connection: close");
        if (answer.length() >= 0) {
          lines.add("Content-Length: " + answer.length());
        }
        send(client.getOutputStream(), lines, answer.body());
      }
    } catch (IOException e) {
      return; // the client went away
    }
  }

  private Answer forward(List<String> head, byte[] body, boolean bodiless) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      List<String> lines = new ArrayList<>(head);
      lines.removeIf(line -> line.toLowerCase(Locale.ROOT).matches("(expect|connection):.*"));
      lines.add("Connection: close");
      send(server.getOutputStream(), lines, body);
      InputStream in = new BufferedInputStream(server.getInputStream());
      List<String> answered = new ArrayList<>(head(in));
      String length = header(answered, "content-length");
      byte[] content = chunked(answered) ? chunks(in) : in.readAllBytes();
      answered.removeIf(
          line ->
              line.toLowerCase(Locale.ROOT)
                  .matches("(connection|content-length|transfer-encoding):.*"));
      long told = bodiless && length != null ? Long.parseLong(length) : content.length;
      return new Answer(answered, told, content);
    }
  }

  private static boolean chunked(List<String> head) {
    return header(head, "transfer-encoding") != null;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(in).split(";")[0].strip(), 16);
      content.write(in.readNBytes(length));
      line(in);
      if (length == 0) {
        return content.toByteArray();
      }
    }
  }

  private static void send(OutputStream out, List<String> head, byte[] body) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write((String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    whole.write(body);
    out.write(whole.toByteArray());
    out.flush();
  }

  private static @Nullable String header(List<String> head, String name) {
    for (String line : head) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return null;
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
    }
    return lines;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
