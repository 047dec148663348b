package io.millrace.dist.cli;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Has the classes of this process kept so that the next one starts faster (class-data sharing).
 * {@code bin/millrace} asks for it when there is no such file yet.
 *
 * <p>A Java machine that cannot write the file ends with an error, and some crash: so another
 * process does it, of which this one only says what it has loaded. It is not waited for, and
 * whatever becomes of it, the result of this one stands.
 */
final class ClassData {

  /** So long nobody tries again: a try takes as much as several small tasks. */
  private static final Duration BETWEEN_TRIES = Duration.ofMinutes(10);

  private ClassData() {}

  /**
   * Starts the process that writes the file, if it was asked for and nobody has just tried it.
   *
   * @param connectors the names of connectors whose plugins were used
   */
  static void keep(Collection<String> connectors) {
    String wanted = System.getProperty("millrace.classes");
    String home = System.getProperty("millrace.home");
    if (wanted == null || wanted.isEmpty() || home == null) {
      return;
    }
    Path list = Path.of(wanted + ".list");
    try {
      Files.createDirectories(list.toAbsolutePath().getParent());
      if (isTried(list)) {
        return;
      }
      // Kept when it cannot be filled: where a disk is full, the next run need not try at once.
      write(list, connectors);
      ProcessBuilder maker =
          new ProcessBuilder(
                  "/bin/sh",
                  Path.of(home, "bin", "millrace").toString(),
                  System.getProperty("millrace.command", "run"))
              .directory(list.toAbsolutePath().getParent().toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD);
      maker.environment().put("MILLRACE_MAKE_CLASS_DATA", list.toAbsolutePath().toString());
      maker.start();
    } catch (IOException | JMException | RuntimeException | OutOfMemoryError e) {
      return; // the next run tries again
    }
  }

  private static boolean isTried(Path list) throws IOException {
    if (!Files.exists(list)) {
      return false;
    }
    Instant last = Files.getLastModifiedTime(list).toInstant();
    if (last.plus(BETWEEN_TRIES).isAfter(Instant.now())) {
      return true;
    }
    Files.delete(list);
    return false;
  }

  private static void write(Path list, Collection<String> connectors)
      throws IOException, JMException {
    try (BufferedWriter out = Files.newBufferedWriter(list, StandardOpenOption.CREATE_NEW)) {
      out.write(String.join(" ", connectors));
      out.newLine();
      out.write(diagnosis("vmClassHierarchy"));
    } catch (FileAlreadyExistsException e) {
      throw new IOException("another process is at it", e);
    }
  }

  /** What {@code jcmd} would do from outside. */
  static String diagnosis(String name, String... arguments) throws JMException {
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                name,
                new Object[] {arguments},
                new String[] {String[].class.getName()}));
  }

  /** The names of classes in what {@link #keep} has written. */
  static List<String> names(List<String> hierarchy) {
    return hierarchy.stream()
        .map(line -> line.replaceFirst("^[| -]*", "").replaceFirst("[/ ].*$", ""))
        .filter(name -> !name.isEmpty())
        .toList();
  }
}
