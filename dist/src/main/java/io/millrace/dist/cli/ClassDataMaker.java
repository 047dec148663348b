package io.millrace.dist.cli;

import io.millrace.engine.connector.PluginConnectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that loads what another had loaded, and writes class data of it; see {@link ClassData}.
 * {@code bin/millrace} starts it, looks at what it made and puts that in place.
 */
public final class ClassDataMaker {

  private static final int LONGEST_SECONDS = 60;

  private ClassDataMaker() {}

  /**
   * Ends with 0 when the file is written.
   *
   * @param arguments the list of {@link ClassData}, and the file to write
   */
  public static void main(String[] arguments) throws Exception {
    boundLife();
    List<String> lines = Files.readAllLines(Path.of(arguments[0]));
    try (PluginConnectors connectors = Installation.ofProcess().connectors()) {
      for (String name : lines.get(0).split(" ")) {
        if (!name.isEmpty()) {
          connectors.find(name);
        }
      }
      List<ClassLoader> loaders = new ArrayList<>(connectors.loaders());
      loaders.add(ClassDataMaker.class.getClassLoader());
      link(ClassData.names(lines.subList(1, lines.size())), loaders);
      ClassData.diagnosis("vmCds", "dynamic_dump", arguments[1]);
    }
    System.exit(Files.size(Path.of(arguments[1])) > 0 ? ExitCode.SUCCESS : ExitCode.FAIL);
  }

  private static void boundLife() {
    Thread end =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(LONGEST_SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(ExitCode.FAIL);
            });
    end.setDaemon(true);
    end.start();
  }

  /** A class that is loaded but not linked is left out of the file: about a fifth of them. */
  private static void link(List<String> names, List<ClassLoader> loaders) {
    for (String name : names) {
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
