package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parquet and ORC from the packaged zip, whose class loader sees nothing of the host's libraries.
 */
class ColumnarZipIT {

  @TempDir Path folder;

  private Path zip() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(each -> each.getFileName().toString().matches("millrace-files-.*\\.zip"))
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "parquet, snappy",
    "parquet, gzip",
    "parquet, zstd",
    "parquet, lz4_raw",
    "orc, zlib",
    "orc, snappy",
    "orc, zstd",
    "orc, lz4"
  })
  void theZipWritesAndReads(String format, String compression) throws IOException {
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.copy(zip(), plugins.resolve("files.zip"));
    Sample sample =
        Sample.types(EnumSet.of(TypeCase.STRING, TypeCase.DECIMAL_WHOLE, TypeCase.DATETIME));

    try (PluginConnectors connectors = PluginConnectors.open(plugins, folder.resolve("cache"))) {
      Connector files = connectors.find("files").orElseThrow();
      Rows.write(
          files,
          Map.of(
              "path",
              folder.resolve("out").toString(),
              "writeMode",
              "truncate",
              "fileFormat",
              format,
              "compress",
              compression),
          sample.batch());
      Rows.Read read = Rows.read(files, Map.of("path", folder + "/out/*", "fileFormat", format));

      assertThat(read.records()).containsExactlyElementsOf(sample.texts());
    }
  }
}
