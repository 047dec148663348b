package io.millrace.files;

import io.millrace.api.Connector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of the local file system. */
record LocalPlace(Path folder) implements Place {

  @Override
  public Connector connector() {
    return new FilesConnector();
  }

  @Override
  public void put(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] bytes(String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> names() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> staged() {
    return names().stream().filter(name -> name.contains("/data/")).toList();
  }

  @Override
  public Map<String, Object> reading(String pattern) {
    return new HashMap<>(Map.of("path", folder + "/" + pattern));
  }

  @Override
  public Map<String, Object> writing(String base) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    if (!base.isEmpty()) {
      options.put("fileName", base);
    }
    options.put("writeMode", "append");
    return options;
  }
}
