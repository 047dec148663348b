package io.millrace.engine.connector;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * The parent of every plugin's class loader: the JDK and the connector api, nothing else of the
 * host. A plugin that forgot to bundle a library fails at once, instead of working by chance with
 * the host's copy until the host changes it.
 */
final class SharedClasses extends ClassLoader {

  private final ClassLoader host;

  SharedClasses(ClassLoader host) {
    super(ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  /** True for classes that host and plugins must have in common. */
  static boolean contains(String className) {
    return className.startsWith("io.millrace.api.")
        || className.startsWith("org.slf4j.")
        || className.startsWith("org.jspecify.");
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (contains(name)) {
      return host.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return contains(name.replace('/', '.')) ? host.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return contains(name.replace('/', '.'))
        ? host.getResources(name)
        : Collections.emptyEnumeration();
  }
}
