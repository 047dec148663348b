package io.millrace.engine.connector;

import io.millrace.api.ApiVersion;
import io.millrace.api.Connector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds plugin zips, right ones and wrong ones. */
final class PluginZip {

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private String id = "sample";
  private String requires = ApiVersion.CURRENT;
  private String connectors = "sample,samplereader";
  private boolean described = true;

  static PluginZip sample() {
    return new PluginZip().with(io.millrace.engine.connector.sample.SampleConnector.class);
  }

  static PluginZip other() {
    return new PluginZip()
        .id("other")
        .connectors("other")
        .with(io.millrace.engine.connector.sample.OtherConnector.class);
  }

  PluginZip id(String value) {
    id = value;
    return this;
  }

  PluginZip requires(String value) {
    requires = value;
    return this;
  }

  PluginZip connectors(String value) {
    connectors = value;
    return this;
  }

  PluginZip withoutDescriptor() {
    described = false;
    return this;
  }

  PluginZip entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  private PluginZip with(Class<?> connector) {
    String file = connector.getName().replace('.', '/') + ".class";
    try (InputStream in = connector.getClassLoader().getResourceAsStream(file)) {
      entry("classes/" + file, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entry(
        "classes/META-INF/services/" + Connector.class.getName(),
        connector.getName().getBytes(StandardCharsets.UTF_8));
  }

  Path write(Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      if (described) {
        String descriptor =
            "plugin.id=%s%nplugin.version=1.0%nplugin.requires=%s%nmillrace.connectors=%s%n"
                .formatted(id, requires, connectors);
        put(zip, PluginArchive.DESCRIPTOR, descriptor.getBytes(StandardCharsets.UTF_8));
      }
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(zip, entry.getKey(), entry.getValue());
      }
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }
}
