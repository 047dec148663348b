package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.Reader;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that would read what they write, or remove what they read. */
class SourceOverlapTest {

  @TempDir Path folder;

  private Place place;

  @BeforeEach
  void makeFiles() {
    place = new LocalPlace(folder);
    place.put("in/a.csv", "1\n");
    place.put("in/deep/b.csv", "1\n");
  }

  private static Overlap overlap(
      Connector reading, Map<String, Object> read, Connector writing, Map<String, Object> write) {
    TestContext context = TestContext.create();
    AtomicReference<Overlap> found = new AtomicReference<>();
    try (Reader reader = Rows.reader(reading, read, context);
        Writer writer = Rows.writer(writing, write, context)) {
      writer.marked(context, mark -> found.set(reader.overlap(mark, context)));
    }
    return found.get();
  }

  private Overlap local(Object read, String path, Object... more) {
    Map<String, Object> write = new HashMap<>();
    write.put("path", folder + "/" + path);
    write.put("writeMode", "append");
    for (int i = 0; i < more.length; i += 2) {
      write.put((String) more[i], more[i + 1]);
    }
    return overlap(
        new FilesConnector(),
        Map.of("path", folder + "/" + read),
        new TxtFileConnector(),
        AbstractReading.with(write, "fileFormat", "csv"));
  }

  private static void assertCertain(Overlap overlap, String... words) {
    assertThat(overlap.kind()).as(overlap.message()).isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(overlap.message())
        .contains(words.length == 0 ? new String[] {""} : words)
        .doesNotContain("\n");
  }

  private static void assertNone(Overlap overlap) {
    assertThat(overlap).isEqualTo(Overlap.NONE);
  }

  @Test
  void aTargetAmongThePathsThatAreReadIsCertain() {
    for (String read : List.of("in", "in/", "in/*", "in/**/*.csv", "**", "in/*.csv", "in/out_*")) {
      assertCertain(local(read, "in", "fileName", "out"), "reads what it writes", "write into");
    }
    assertCertain(local("in", "in/not/yet/there"), "in/not/yet/there/");
    assertCertain(local("in/../in/x/..", "in"));
    assertCertain(local("in/out.csv", "in", "fileName", "out.csv", "writeSingleObject", true));
    assertCertain(local("in/**/*.csv", "in", "partitionBy", List.of("dt")));
  }

  @Test
  void whereTheNamesThatAreWrittenAreNotReadNothingIsInCommon() {
    assertNone(local("in", "out"));
    assertNone(local("in/*.csv", "in/deeper"));
    assertNone(local("in/*.csv", "in", "suffix", ".done"));
    assertNone(local("in/a*", "in", "fileName", "out"));
    assertNone(local("in", "in", "fileName", "_out"));
    assertNone(local("in", "in/.hidden"));
    assertNone(local("in", "inn"));
    assertNone(local("in/a.csv", "in", "fileName", "b.csv", "writeSingleObject", true));
    assertNone(local("in/a.csv", "in", "fileName", "b", "writeMode", "truncate"));
    assertThat(local("in/dt=2024*", "in", "partitionBy", List.of("dt")).kind())
        .isEqualTo(Overlap.Kind.POSSIBLE);
  }

  @Test
  void whatTruncateWouldRemoveIsNotRead() {
    assertCertain(
        local("in/a.csv", "in", "fileName", "a", "writeMode", "truncate"),
        "truncate would remove",
        "in/a.csv");
    assertNone(local("in/a.csv", "in", "fileName", "a"));
  }

  @Test
  void linksDoNotHideThatSourceAndTargetAreOne() throws IOException {
    Files.createSymbolicLink(folder.resolve("other"), folder.resolve("in"));
    Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(folder.resolve("links/l"), folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("links/a.csv"), folder.resolve("in/a.csv"));
    for (String read : List.of("other/*.csv", "other", "other/", "other/deep/../*")) {
      assertCertain(local(read, "in"));
    }
    assertCertain(local("in/*.csv", "other"));
    assertCertain(local("in", "other/new/folder"));
    assertCertain(local("links/*/*.csv", "in"), "by a link");
    assertCertain(local("links/a.csv", "in", "fileName", "a", "writeMode", "truncate"), "truncate");
    assertNone(local("links/a.csv", "in", "fileName", "b", "writeMode", "truncate"));
  }

  private static Map<String, Object> bucket(String endpoint, String bucket, String object) {
    return new HashMap<>(
        Map.of(
            "endpoint",
            endpoint,
            "bucket",
            bucket,
            "accessId",
            "a",
            "accessKey",
            "b",
            "object",
            object,
            "maxRetries",
            0));
  }

  private static Overlap objects(String from, String bucket, String to, String other) {
    Map<String, Object> write = bucket(to, other, "in/out");
    write.put("writeMode", "append");
    return overlap(new ObjectsConnector(), bucket(from, bucket, "in/"), new OssConnector(), write);
  }

  @Test
  void bucketsAreComparedByWhoseTheyAre() {
    String oss = "https://oss-cn-hangzhou.aliyuncs.com";
    assertCertain(
        objects(oss, "lake", "http://s3.oss-cn-hangzhou-internal.aliyuncs.com", "lake"),
        "s3://lake/in/");
    assertCertain(objects("http://minio", "lake", "http://MINIO:80", "lake"));
    assertNone(objects(oss, "lake", oss, "pond"));
    assertThat(objects("http://10.0.0.1:9000", "lake", "http://minio:9000", "lake"))
        .satisfies(
            overlap -> {
              assertThat(overlap.kind()).isEqualTo(Overlap.Kind.POSSIBLE);
              assertThat(overlap.message()).contains("10.0.0.1:9000", "minio:9000");
            });
  }

  @Test
  void otherKindsOfSystemsHaveNothingInCommonWithFiles() {
    TestContext context = TestContext.create();
    try (Reader reader = Rows.reader(place.connector(), Map.of("path", folder + "/in"), context)) {
      assertNone(reader.overlap("mysql:whatever", context));
    }
    Map<String, Object> write = bucket("http://127.0.0.1:1", "in", "in/out");
    write.put("writeMode", "append");
    assertNone(
        overlap(place.connector(), Map.of("path", folder + "/in"), new ObjectsConnector(), write));
  }
}
