package io.millrace.engine.connector;

import io.millrace.api.ApiVersion;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin zip says about itself in its {@code plugin.properties}: enough to know which
 * connectors it holds without loading it.
 *
 * @param file the zip
 * @param id {@code plugin.id}
 * @param version {@code plugin.version}
 * @param connectors {@code millrace.connectors}: names and aliases, lower case
 */
record PluginArchive(Path file, String id, String version, List<String> connectors) {

  static final String DESCRIPTOR = "plugin.properties";

  private static final int MAX_DESCRIPTOR_BYTES = 64 * 1024;

  private static final String SAFE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  PluginArchive {
    connectors = List.copyOf(connectors);
  }

  /**
   * Reads the descriptor of a zip.
   *
   * @throws MillraceException with {@link StandardError#PLUGIN} when the file is not a plugin for
   *     this host
   */
  static PluginArchive read(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> descriptors =
          zip.stream().filter(entry -> entry.getName().equals(DESCRIPTOR)).toList();
      if (descriptors.size() != 1) {
        throw refused(
            file,
            "it holds " + descriptors.size() + " files " + DESCRIPTOR + " at its top, needs one",
            null);
      }
      return parse(file, properties(zip, descriptors.get(0)));
    } catch (IOException | IllegalArgumentException e) {
      throw refused(file, "it is not a readable zip (" + e.getMessage() + ")", e);
    }
  }

  private static Properties properties(ZipFile zip, ZipEntry descriptor) throws IOException {
    try (InputStream in = zip.getInputStream(descriptor)) {
      byte[] bytes = in.readNBytes(MAX_DESCRIPTOR_BYTES + 1);
      if (bytes.length > MAX_DESCRIPTOR_BYTES) {
        throw new IOException(DESCRIPTOR + " is above " + MAX_DESCRIPTOR_BYTES + " bytes");
      }
      Properties properties = new Properties();
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
      return properties;
    }
  }

  private static PluginArchive parse(Path file, Properties properties) {
    String id = required(file, properties, "plugin.id");
    String version = required(file, properties, "plugin.version");
    // Both become part of a directory's name.
    if (!id.matches(SAFE_NAME) || !version.matches(SAFE_NAME)) {
      throw refused(
          file, "plugin.id and plugin.version must be letters, digits, dots and dashes", null);
    }
    checkApi(file, required(file, properties, "plugin.requires"));
    List<String> connectors =
        Arrays.stream(required(file, properties, "millrace.connectors").split(","))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .distinct()
            .toList();
    return new PluginArchive(file, id, version, connectors);
  }

  private static String required(Path file, Properties properties, String key) {
    String value = properties.getProperty(key, "").strip();
    if (value.isEmpty()) {
      throw refused(file, "its " + DESCRIPTOR + " has no " + key, null);
    }
    return value;
  }

  private static void checkApi(Path file, String required) {
    if (!required.matches("\\d{1,6}\\.\\d{1,6}(\\.\\d{1,6})?")) {
      throw refused(
          file,
          "its plugin.requires '"
              + required
              + "' is not a version such as "
              + ApiVersion.CURRENT
              + ", the connector api it was built for",
          null);
    }
    String[] theirs = required.split("\\.");
    String[] ours = ApiVersion.CURRENT.split("\\.");
    if (!theirs[0].equals(ours[0]) || Integer.parseInt(theirs[1]) > Integer.parseInt(ours[1])) {
      throw refused(
          file,
          "it was built for connector api "
              + required
              + ", this Millrace has "
              + ApiVersion.CURRENT
              + "; install the plugin's release for this version",
          null);
    }
  }

  static MillraceException refused(Path file, String why, @Nullable Throwable cause) {
    return new MillraceException(
        StandardError.PLUGIN, "Plugin " + file + " cannot be used: " + why, cause);
  }

  /** The plugin and its file, for messages. */
  @Override
  public String toString() {
    return id + " " + version + " (" + file + ")";
  }
}
