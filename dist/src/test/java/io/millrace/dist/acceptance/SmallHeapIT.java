package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import io.millrace.testkit.server.S3Server;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four channels of wide rows into columnar files and back, in 256 MB: what users are promised. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SmallHeapIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PAUSE = Pattern.compile("\\[([0-9.]+)s\\].* Pause .* ([0-9.]+)ms");
  private static final String BUCKET = "heap";
  private static final int FILES = 8;
  private static final int ROWS = 4000;
  private static final int COLUMNS = 24;

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"parquet", "orc"})
  void fourChannelsOfWideRowsGoThroughFilesInASmallHeap(String format) throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Content content = write(source);
    try (S3Server store = S3Server.start(Path.of("../plugins/files/target/s3proxy.classpath"))) {
      Files.createDirectories(store.objects().resolve(BUCKET));
      Map<String, Object> bucket =
          Map.of(
              "endpoint",
              "http://127.0.0.1:" + store.port(),
              "bucket",
              BUCKET,
              "accessId",
              S3Server.ACCESS_ID,
              "accessKey",
              S3Server.ACCESS_KEY,
              "fileFormat",
              format);
      Map<String, Object> csv =
          Map.of("files", Map.of("path", source + "/*.csv", "fileFormat", "csv"));
      Path folder = directory.resolve("columnar");

      run(
          "out-" + format,
          csv,
          Map.of(
              "files",
              Map.of("path", folder.toString(), "writeMode", "truncate", "fileFormat", format)));
      run(
          "upload-" + format,
          csv,
          Map.of("s3", with(bucket, Map.of("object", "wide", "writeMode", "truncate"))));
      run(
          "back-" + format,
          Map.of("files", Map.of("path", folder + "/*", "fileFormat", format)),
          text("back"));
      run(
          "download-" + format,
          Map.of("s3", with(bucket, Map.of("object", "wide*"))),
          text("download"));
    }
    assertThat(Content.of(directory.resolve("back"))).isEqualTo(content);
    assertThat(Content.of(directory.resolve("download"))).isEqualTo(content);
  }

  private Map<String, Object> text(String folder) {
    return Map.of(
        "files",
        Map.of(
            "path",
            directory.resolve(folder).toString(),
            "writeMode",
            "truncate",
            "fileFormat",
            "csv"));
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** How many rows there are, and the sum of what they hash to, in whatever order they stand. */
  private record Content(long rows, long sum) {

    private static long hash(String line) {
      long hash = 1;
      for (int i = 0; i < line.length(); i++) {
        hash = hash * 0x5851f42d4c957f2dL + line.charAt(i);
      }
      return hash;
    }

    static Content of(Path folder) throws IOException {
      long rows = 0;
      long sum = 0;
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
          try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
              rows++;
              sum += hash(line);
            }
          }
        }
      }
      return new Content(rows, sum);
    }
  }

  /** Long texts that do not repeat, short ones that do, and now and then one of 100,000. */
  private static Content write(Path folder) throws IOException {
    Random random = new Random(3);
    for (int file = 0; file < FILES; file++) {
      try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(file + ".csv"))) {
        for (int row = file; row < ROWS; row += FILES) {
          StringBuilder line = new StringBuilder().append(row);
          for (int column = 1; column < COLUMNS; column++) {
            int length = column % 6 == 0 ? 3 : 300 + random.nextInt(600);
            if (column == 1 && row % 500 == 0) {
              length = 100_000;
            }
            line.append(',');
            for (int i = 0; i < length; i++) {
              line.append((char) ('a' + (length == 3 ? random.nextInt(3) : random.nextInt(26))));
            }
          }
          out.append(line).append('\n');
        }
      }
    }
    return Content.of(folder);
  }

  private void run(String name, Map<String, Object> reader, Map<String, Object> writer)
      throws Exception {
    Path task = directory.resolve(name + ".json");
    Files.writeString(
        task,
        JSON.writeValueAsString(
            Map.of("reader", reader, "writer", writer, "setting", Map.of("channels", 4))));
    Path result = directory.resolve(name + "-result.json");
    Path pauses = directory.resolve(name + ".gc");
    Distribution.Ended ended =
        new Distribution(directory)
            .with("MILLRACE_OPTS", "-Xmx256m -XX:+ExitOnOutOfMemoryError -Xlog:gc:file=" + pauses)
            // With class data the command silences the log of the pauses.
            .with("MILLRACE_NO_CLASS_DATA", "1")
            .start(
                "run",
                task.toString(),
                "--run-dir",
                directory.resolve(name).toString(),
                "--result",
                result.toString())
            .await();
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    JsonNode told = JSON.readTree(result.toFile());
    assertThat(told.get("written").asInt()).isEqualTo(ROWS);
    System.out.printf("%s: %s%n", name, share(pauses));
  }

  private static String share(Path log) throws IOException {
    double paused = 0;
    double last = 0;
    int count = 0;
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = PAUSE.matcher(line);
      if (matcher.find()) {
        last = Double.parseDouble(matcher.group(1));
        paused += Double.parseDouble(matcher.group(2));
        count++;
      }
    }
    return "%d pauses, %.0f ms in %.1f s, %.1f %%"
        .formatted(count, paused, last, paused / 10 / Math.max(0.001, last));
  }
}
