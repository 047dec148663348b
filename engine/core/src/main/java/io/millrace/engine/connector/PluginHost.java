package io.millrace.engine.connector;

import io.millrace.api.ApiVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.pf4j.DefaultPluginManager;
import org.pf4j.ExtensionFinder;
import org.pf4j.Plugin;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PropertiesPluginDescriptorFinder;
import org.pf4j.ServiceProviderExtensionFinder;

/**
 * PF4J, reduced to what Millrace needs of it: descriptor, class loader, life cycle. It loads only
 * the unpacked directories it is told to, and scans nothing. Not safe for use by several threads.
 */
final class PluginHost extends DefaultPluginManager {

  PluginHost(Path root) {
    super(root);
    // PF4J ignores what a plugin requires until it knows this.
    setSystemVersion(ApiVersion.CURRENT);
  }

  /**
   * Loads and starts an unpacked plugin.
   *
   * @return its class loader
   */
  ClassLoader start(Path directory) {
    String id = loadPlugin(directory);
    startPlugin(id);
    return getPluginClassLoader(id);
  }

  List<ClassLoader> loaders() {
    return List.copyOf(getPluginClassLoaders().values());
  }

  /** Stops and unloads every plugin, one by one: PF4J's own way to stop all of them can fail. */
  void unloadAll() {
    List.copyOf(getPluginClassLoaders().keySet()).forEach(this::unload);
  }

  /** Stops and unloads one plugin, if it is loaded. */
  void unload(String id) {
    if (getPlugin(id) != null) {
      stopPlugin(id);
      unloadPlugin(id);
    }
  }

  @Override
  protected PluginLoader createPluginLoader() {
    SharedClasses shared = new SharedClasses(PluginHost.class.getClassLoader());
    return new DirectoryLoader(this, shared);
  }

  @Override
  protected PluginDescriptorFinder createPluginDescriptorFinder() {
    return new PropertiesPluginDescriptorFinder();
  }

  @Override
  protected ExtensionFinder createExtensionFinder() {
    return new ServiceProviderExtensionFinder(this);
  }

  /** A plugin has no class of PF4J's: its author knows the connector api only. */
  @Override
  protected PluginFactory createPluginFactory() {
    return wrapper -> new Plugin() {};
  }

  @Override
  protected PluginRepository createPluginRepository() {
    return new PluginRepository() {
      @Override
      public List<Path> getPluginPaths() {
        return List.of();
      }

      @Override
      public boolean deletePluginPath(Path pluginPath) {
        return false;
      }
    };
  }

  @Override
  protected PluginStatusProvider createPluginStatusProvider() {
    return new PluginStatusProvider() {
      @Override
      public boolean isPluginDisabled(String pluginId) {
        return false;
      }

      @Override
      public void disablePlugin(String pluginId) {}

      @Override
      public void enablePlugin(String pluginId) {}
    };
  }

  /** Makes child-first class loaders over {@code classes/} and {@code lib/*.jar}. */
  private record DirectoryLoader(PluginHost host, SharedClasses shared) implements PluginLoader {

    @Override
    public boolean isApplicable(Path directory) {
      return true;
    }

    @Override
    public ClassLoader loadPlugin(Path directory, PluginDescriptor descriptor) {
      PluginClassLoader loader =
          new PluginClassLoader(host, descriptor, shared) {
            @Override
            protected boolean shouldDelegateToParent(String className) {
              return SharedClasses.contains(className);
            }
          };
      loader.addFile(directory.resolve("classes").toFile());
      Path libraries = directory.resolve("lib");
      if (Files.isDirectory(libraries)) {
        try (Stream<Path> jars = Files.list(libraries)) {
          // Sorted: which of two equal classes wins must not depend on the file system.
          jars.filter(jar -> jar.toString().endsWith(".jar"))
              .sorted()
              .forEach(jar -> loader.addFile(jar.toFile()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return loader;
    }
  }
}
