package io.millrace.dist.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Keeps the classes of this process so that the next one starts faster (class-data sharing). {@code
 * bin/millrace} asks for it when there is no such file yet. Whatever goes wrong, the run is not
 * affected: it is over by then.
 */
final class ClassData {

  private ClassData() {}

  /**
   * Writes the file if it was asked for; it appears complete or not at all.
   *
   * @param pluginLoaders the class loaders of the plugins that were used
   */
  static void keep(Collection<ClassLoader> pluginLoaders) {
    String wanted = System.getProperty("millrace.classData");
    if (wanted == null || wanted.isEmpty()) {
      return;
    }
    Path file = Path.of(wanted);
    Path partial = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      List<ClassLoader> loaders = new ArrayList<>(pluginLoaders);
      loaders.add(ClassData.class.getClassLoader());
      link(command("vmClassHierarchy"), loaders);
      dump(partial);
      if (Files.size(partial) > 0) {
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException | JMException | RuntimeException e) {
      partial.toFile().delete(); // the next run tries again
    }
  }

  /** The JDK says on standard output what it does, where it does not belong. */
  private static void dump(Path file) throws JMException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      command("vmCds", "dynamic_dump", file.toString());
    } finally {
      System.setOut(out);
    }
  }

  /** What {@code jcmd} would do from outside. */
  private static String command(String name, String... arguments) throws JMException {
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                name,
                new Object[] {arguments},
                new String[] {String[].class.getName()}));
  }

  /** A class that is loaded but not linked is left out of the file: about a fifth of them. */
  private static void link(String hierarchy, List<ClassLoader> loaders) {
    for (String line : hierarchy.split("\\R")) {
      String name = line.replaceFirst("^[| -]*", "").replaceFirst("[/ ].*$", "");
      for (ClassLoader loader : loaders) {
        try {
          Class.forName(name, false, loader).getDeclaredMethods();
        } catch (ClassNotFoundException | LinkageError e) {
          continue; // of another loader, or made at run time
        }
      }
    }
  }
}
