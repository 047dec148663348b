package io.millrace.engine.connector;

import io.millrace.api.Connector;
import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connectors of a directory of plugin zips. Opening it reads their descriptors only; a plugin
 * is unpacked and loaded when a task first names one of its connectors, so a broken plugin disturbs
 * nobody who does not need it. Safe for use by several threads.
 */
public final class PluginConnectors implements Connectors, AutoCloseable {

  private final Path directory;
  private final PluginUnpacker unpacker;
  private final Path cache;
  private final LocalFiles files;
  private final Map<String, List<PluginArchive>> byConnector = new LinkedHashMap<>();
  private final List<PluginArchive> archives = new ArrayList<>();
  private final List<MillraceException> broken = new ArrayList<>();

  /** By identity: the hash of a record is made at run time, which a small task would notice. */
  private final Map<PluginArchive, List<Connector>> loaded = new IdentityHashMap<>();

  private @Nullable PluginHost host;

  private PluginConnectors(
      Path directory, Path cache, LocalFiles files, PluginUnpacker.Bounds bounds) {
    this.directory = directory;
    this.files = files;
    this.cache = cache;
    this.unpacker = new PluginUnpacker(cache, bounds);
  }

  /**
   * Reads the descriptors of the plugins in a directory.
   *
   * @param directory holds plugin zips, and is not written to
   * @param cache where they are unpacked, shared by processes of one user; made when needed
   * @throws MillraceException with {@link StandardError#PLUGIN} when the directory cannot be read;
   *     never for a single plugin
   */
  public static PluginConnectors open(Path directory, Path cache) {
    return open(directory, cache, LocalFiles.ANYWHERE);
  }

  /**
   * The same, with a bound.
   *
   * @param files which files of this machine tasks may reach by them
   */
  public static PluginConnectors open(Path directory, Path cache, LocalFiles files) {
    return open(directory, cache, files, PluginUnpacker.Bounds.DEFAULT);
  }

  static PluginConnectors open(Path directory, Path cache, PluginUnpacker.Bounds bounds) {
    return open(directory, cache, LocalFiles.ANYWHERE, bounds);
  }

  private static PluginConnectors open(
      Path directory, Path cache, LocalFiles reach, PluginUnpacker.Bounds bounds) {
    PluginConnectors connectors = new PluginConnectors(directory, cache, reach, bounds);
    try (Stream<Path> zips = Files.list(directory)) {
      zips.filter(file -> file.toString().endsWith(".zip")).sorted().forEach(connectors::index);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.PLUGIN, "The plugin directory " + directory + " cannot be read", e);
    }
    return connectors;
  }

  private void index(Path file) {
    try {
      PluginArchive archive = PluginArchive.read(file);
      archives.add(archive);
      for (String name : archive.connectors()) {
        byConnector.computeIfAbsent(name, key -> new ArrayList<>()).add(archive);
      }
    } catch (MillraceException e) {
      broken.add(e);
    }
  }

  /**
   * Looks at what the zips hold, too, which is otherwise done when a plugin is first needed: for a
   * process that stays, so that {@link #problems()} names a hostile one at its start. Unpacks
   * nothing.
   */
  public void inspect() {
    for (PluginArchive archive : List.copyOf(archives)) {
      try {
        unpacker.inspect(archive);
      } catch (MillraceException e) {
        archives.remove(archive);
        byConnector.values().forEach(owners -> owners.remove(archive));
        broken.add(e);
      }
    }
  }

  @Override
  public LocalFiles files() {
    return files;
  }

  /**
   * {@inheritDoc}
   *
   * @throws MillraceException with {@link StandardError#PLUGIN} when the plugin that has it cannot
   *     be used, when two plugins have it, or when nobody has it and a plugin cannot be read
   */
  @Override
  public Optional<Connector> find(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    List<PluginArchive> owners = byConnector.getOrDefault(wanted, List.of());
    if (owners.size() > 1) {
      throw new MillraceException(
          StandardError.PLUGIN,
          "Connector '"
              + name
              + "' is in more than one plugin: "
              + String.join(" and ", owners.stream().map(PluginArchive::toString).toList())
              + "; remove all but one");
    }
    if (owners.isEmpty()) {
      if (broken.isEmpty()) {
        return Optional.empty();
      }
      // Perhaps the broken one has it: that is the line the user needs to see.
      throw new MillraceException(
          StandardError.PLUGIN,
          "No usable plugin has a connector '" + name + "'. " + String.join(". ", problems()),
          broken.get(0));
    }
    return load(owners.get(0)).stream()
        .filter(
            connector ->
                connector.info().name().equals(wanted)
                    || connector.info().aliases().stream().anyMatch(wanted::equalsIgnoreCase))
        .findFirst();
  }

  /** Every connector whose plugin can be used, by name; {@link #problems()} has the others. */
  @Override
  public List<Connector> all() {
    List<Connector> usable = new ArrayList<>();
    for (PluginArchive archive : archives) {
      try {
        usable.addAll(load(archive));
      } catch (MillraceException e) {
        synchronized (this) {
          if (broken.stream().noneMatch(known -> known.getMessage().equals(e.getMessage()))) {
            broken.add(e);
          }
        }
      }
    }
    usable.sort(Comparator.comparing(connector -> connector.info().name()));
    return List.copyOf(usable);
  }

  /** One line for each plugin that is known to be unusable. */
  public synchronized List<String> problems() {
    return broken.stream().map(Throwable::getMessage).toList();
  }

  /** {@inheritDoc} Loads none of them. */
  @Override
  public Set<String> names() {
    return new TreeSet<>(byConnector.keySet());
  }

  /** The directory the plugins are in. */
  public Path directory() {
    return directory;
  }

  /** For each plugin that is loaded the name of a connector that it has. */
  public synchronized List<String> used() {
    return loaded.keySet().stream().map(archive -> archive.connectors().get(0)).toList();
  }

  /** The class loaders of the plugins that are loaded. */
  public synchronized List<ClassLoader> loaders() {
    return host == null ? List.of() : host.loaders();
  }

  private synchronized List<Connector> load(PluginArchive archive) {
    List<Connector> known = loaded.get(archive);
    if (known != null) {
      return known;
    }
    Path unpacked = unpacker.unpack(archive);
    if (host == null) {
      host = new PluginHost(cache);
    }
    for (PluginArchive other : loaded.keySet()) {
      if (other.id().equals(archive.id())) {
        throw PluginArchive.refused(
            archive.file(), "its plugin.id is also that of " + other.file() + "; remove one", null);
      }
    }
    try {
      List<Connector> connectors = connectors(archive, host.start(unpacked));
      loaded.put(archive, connectors);
      return connectors;
    } catch (MillraceException e) {
      host.unload(archive.id());
      throw e;
    } catch (RuntimeException e) {
      host.unload(archive.id());
      throw PluginArchive.refused(archive.file(), String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Connector> connectors(PluginArchive archive, ClassLoader loader) {
    PluginCalls calls = new PluginCalls(archive.toString(), loader);
    List<Connector> connectors = new ArrayList<>();
    try {
      calls.run(
          () ->
              ServiceLoader.load(Connector.class, loader)
                  .forEach(connector -> connectors.add(new PluginConnector(calls, connector))));
    } catch (ServiceConfigurationError e) {
      throw PluginArchive.refused(archive.file(), e.getMessage(), e);
    }
    Set<String> names = new TreeSet<>();
    for (Connector connector : connectors) {
      names.add(connector.info().name());
      connector.info().aliases().forEach(alias -> names.add(alias.toLowerCase(Locale.ROOT)));
    }
    if (!names.equals(new TreeSet<>(archive.connectors()))) {
      throw PluginArchive.refused(
          archive.file(),
          "its plugin.properties names the connectors "
              + archive.connectors()
              + ", its META-INF/services/"
              + Connector.class.getName()
              + " gives "
              + names,
          null);
    }
    return List.copyOf(connectors);
  }

  /** Unloads every plugin. No connector may be in use any more. */
  @Override
  public synchronized void close() {
    if (host != null) {
      host.unloadAll();
      host = null;
    }
    loaded.clear();
  }
}
