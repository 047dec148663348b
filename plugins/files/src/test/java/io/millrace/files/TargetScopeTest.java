package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What truncate and nonConflict may mean, and what is said of it before anything is removed. */
class TargetScopeTest {

  private static final Schema SCHEMA = Schema.of(Field.of("id", ColumnType.INT64));

  @TempDir Path folder;

  private static Map<String, Object> bucket(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("endpoint", "http://127.0.0.1:1");
    options.put("bucket", "lake");
    options.put("accessId", "a");
    options.put("accessKey", "b");
    return AbstractReading.with(options, more);
  }

  private static void assertRefused(
      Connector connector, Map<String, Object> options, String... words) {
    AbstractReading.assertError(
        () -> Rows.writer(connector, options, TestContext.create()).close(),
        StandardError.CONFIGURATION,
        words);
  }

  @Test
  void aKeyThatIsEmptyWouldMeanTheWholeBucketAndIsRefused() {
    for (Connector connector : List.of(new ObjectsConnector(), new OssConnector())) {
      for (String mode : List.of("truncate", "nonConflict")) {
        for (String key : List.of("", " ", "/", "//", "s3://lake/", "oss://lake//")) {
          for (String option : List.of("object", "path", "fileName")) {
            assertRefused(connector, bucket("writeMode", mode, option, key), "empty");
          }
        }
        assertRefused(connector, bucket("writeMode", mode, "path", "", "fileName", "x"), "'path'");
        assertRefused(
            connector, bucket("writeMode", mode, "path", "x", "fileName", ""), "'fileName'");
        assertRefused(
            connector,
            bucket("writeMode", mode, "object", "/", "partitionBy", List.of("id")),
            "empty");
      }
      assertRefused(connector, bucket("writeMode", "append", "object", ""), "'object'");
      for (Map<String, Object> named :
          List.of(
              bucket("writeMode", "truncate", "object", "x", "path", "", "fileName", ""),
              bucket("writeMode", "truncate", "path", "/", "fileName", "x"),
              bucket("writeMode", "append", "object", "/"))) {
        Rows.writer(connector, named, TestContext.create()).close();
      }
    }
  }

  @Test
  void aFolderOrFileNameThatIsEmptyWouldMeanEveryFileAndIsRefused() {
    for (Connector connector : List.of(new FilesConnector(), new TxtFileConnector())) {
      for (String mode : List.of("truncate", "nonConflict")) {
        for (String path : List.of("", " ")) {
          assertRefused(connector, Map.of("writeMode", mode, "path", path), "empty");
        }
        assertRefused(
            connector, Map.of("writeMode", mode, "path", "/tmp/x", "fileName", ""), "'fileName'");
        assertRefused(
            connector, Map.of("writeMode", mode, "path", "", "fileName", "x"), "'path'", "empty");
      }
      assertRefused(connector, Map.of("writeMode", "append", "path", ""), "'path'");
    }
  }

  @Test
  void theRootOfTheFileSystemIsNoTargetHoweverItIsWritten() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/"));
    String up = "/..".repeat(folder.getNameCount());
    List<String> roots =
        List.of(
            "/", "//", "/.", "/..", "/tmp/..", "/./", folder + up, link.toString(), link + "/.");
    for (Connector connector : List.of(new FilesConnector(), new TxtFileConnector())) {
      for (String mode : List.of("truncate", "nonConflict", "append")) {
        for (String path : roots) {
          Map<String, Object> options = Map.of("writeMode", mode, "path", path);
          assertRefused(connector, options, "'path'", "root");
          assertRefused(connector, AbstractReading.with(options, "fileName", "x"), "root");
          assertRefused(
              connector, AbstractReading.with(options, "partitionBy", List.of("id")), "root");
        }
      }
    }
    Files.delete(link);
  }

  @Test
  void checkAndStageOneSayHowManyFilesTruncateRemoves() {
    Place place = new LocalPlace(folder);
    for (int i = 0; i < 5; i++) {
      place.put("out" + i + ".csv", "1\n");
    }
    place.put("other.csv", "1\n");
    Map<String, Object> options =
        AbstractReading.with(place.writing("out"), "writeMode", "truncate");
    TestContext context = TestContext.create();
    try (Writer writer = Rows.writer(place.connector(), options, context)) {
      writer.check(SCHEMA, context);
      assertThat(context.log().warnings())
          .singleElement()
          .asString()
          .contains("truncate", "5 files", folder + "/out0.csv", folder + "/out2.csv", "\u2026")
          .doesNotContain("out3.csv", "other.csv");
      int before = context.log().lines().size();
      writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
      assertThat(context.log().lines().subList(before, context.log().lines().size()))
          .anyMatch(line -> line.contains("truncate will remove 5 files"));
    }
    assertThat(place.names()).contains("out0.csv", "out4.csv", "other.csv");
  }

  @Test
  void whatIsNoAreaOfAnInstanceIsNotSwept() {
    Place place = new LocalPlace(folder);
    String owner = "=test =" + (folder + "/out").replace("/", "%2F") + " =1\n";
    place.put(".millrace/owner", owner);
    place.put(".millrace/a-1/data/owner", owner);
    place.put(".millrace/b-1/owner", owner);
    TestContext context = TestContext.create();
    try (Writer writer = Rows.writer(place.connector(), place.writing("out"), context)) {
      assertThat(writer.cleanUp(Instant.now(), context)).isEqualTo(1);
    }
    assertThat(place.names()).containsExactly(".millrace/a-1/data/owner", ".millrace/owner");
  }
}
