package io.millrace.testkit.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An object store that speaks S3 and checks every request's signature: s3proxy in a process of its
 * own, which keeps objects as files. It ends with this process, however that ends.
 */
public final class S3Server implements AutoCloseable {

  /** The account that may do everything. */
  public static final String ACCESS_ID = "millrace-test";

  /** Its secret. */
  public static final String ACCESS_KEY = "Secret-of-the-object-store";

  private static final int START_SECONDS = 60;

  /** Without it, what Jetty says for debugging takes two thirds of the server's time. */
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%-5level %logger{20} - %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  /** When its input ends, which it does with the parent, so does the server. */
  private static final String WATCHDOG = "\"$@\" & pid=$!; cat > /dev/null; kill -9 $pid";

  private final Process watchdog;
  private final Path directory;
  private final int port;

  private S3Server(Process watchdog, Path directory, int port) {
    this.watchdog = watchdog;
    this.directory = directory;
    this.port = port;
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @param classPath a file that holds the class path of s3proxy and its libraries
   * @throws MillraceException with {@link StandardError#RESOURCE} when it does not start
   */
  public static S3Server start(Path classPath) {
    try {
      Path directory = Files.createTempDirectory("millrace-s3-");
      Files.createDirectories(directory.resolve("objects"));
      int port = freePort();
      Path properties = directory.resolve("s3proxy.properties");
      Files.writeString(
          properties,
          String.join(
              "\n",
              "s3proxy.endpoint=http://127.0.0.1:" + port,
              "s3proxy.authorization=aws-v2-or-v4",
              "s3proxy.identity=" + ACCESS_ID,
              "s3proxy.credential=" + ACCESS_KEY,
              "jclouds.provider=filesystem-nio2",
              "jclouds.identity=local",
              "jclouds.credential=local",
              "jclouds.filesystem.basedir=" + directory.resolve("objects")));
      Path log = directory.resolve("s3proxy.log");
      Path logback = Files.writeString(directory.resolve("logback.xml"), LOGBACK);
      Process watchdog =
          new ProcessBuilder(
                  "/bin/sh",
                  "-c",
                  WATCHDOG,
                  "millrace-watchdog",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dlogback.configurationFile=" + logback,
                  "-cp",
                  Files.readString(classPath).strip(),
                  "org.gaul.s3proxy.Main",
                  "--properties",
                  properties.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      S3Server server = new S3Server(watchdog, directory, port);
      server.awaitStart(log);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitStart(Path log) throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < until && watchdog.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        pause();
      }
    }
    String tail = Files.readString(log);
    close();
    throw new MillraceException(StandardError.RESOURCE, "s3proxy did not start: " + tail);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Where it answers, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Its address as tasks name it. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Where it keeps objects: a folder for each bucket, a file for each object. */
  public Path objects() {
    return directory.resolve("objects");
  }

  @Override
  public void close() {
    List<ProcessHandle> children = watchdog.descendants().toList();
    children.forEach(ProcessHandle::destroyForcibly);
    watchdog.destroyForcibly();
    try {
      watchdog.waitFor(10, TimeUnit.SECONDS);
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      return; // what is left lies in the directory for temporary files
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
