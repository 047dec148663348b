package io.millrace.benchmarks.orc;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A version of ORC's own library, in a class loader that has nothing of any other one. Its jars are
 * in a folder of the build.
 */
final class OrcLibrary implements AutoCloseable {

  private static final Path FOLDER = Path.of("target/orc");

  private final URLClassLoader loader;
  private final BiFunction<String, Map<String, String>, List<List<@Nullable String>>> corpus;

  private OrcLibrary(
      URLClassLoader loader,
      BiFunction<String, Map<String, String>, List<List<@Nullable String>>> corpus) {
    this.loader = loader;
    this.corpus = corpus;
  }

  /** The versions that the build has brought, oldest first. */
  static List<String> versions() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @SuppressWarnings("unchecked")
  static OrcLibrary open(String version) throws IOException, ReflectiveOperationException {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> jars = Files.list(FOLDER.resolve(version))) {
      for (Path jar : jars.sorted().toList()) {
        urls.add(jar.toUri().toURL());
      }
    }
    urls.add(OrcLibrary.class.getProtectionDomain().getCodeSource().getLocation());
    URLClassLoader loader = new OwnFirst(urls.toArray(URL[]::new));
    Object corpus =
        loader.loadClass(OrcCorpus.class.getName()).getDeclaredConstructor().newInstance();
    return new OrcLibrary(
        loader, (BiFunction<String, Map<String, String>, List<List<@Nullable String>>>) corpus);
  }

  /** Writes a file; what stands in it. */
  List<List<@Nullable String>> write(
      Path file, String columns, int rows, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(OrcCorpus.ROWS, String.valueOf(rows));
    all.put(OrcCorpus.COLUMNS, columns);
    return apply(file, all);
  }

  List<List<@Nullable String>> read(Path file) {
    return apply(file, Map.of());
  }

  private List<List<@Nullable String>> apply(Path file, Map<String, String> settings) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Hadoop's settings look classes up there.
    thread.setContextClassLoader(loader);
    try {
      return corpus.apply(file.toString(), settings);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }

  /** Has everything of the library itself, and only the JDK, Hadoop and logging from outside. */
  private static final class OwnFirst extends URLClassLoader {

    OwnFirst(URL[] urls) {
      super(urls, OrcLibrary.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return isOwn(name) ? findClass(name) : super.loadClass(name, resolve);
      }
    }

    private static boolean isOwn(String name) {
      return name.startsWith(OrcCorpus.class.getName())
          || Stream.of("org.apache.orc.", "io.airlift.", "com.google.protobuf.")
              .anyMatch(name::startsWith);
    }
  }
}
