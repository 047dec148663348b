package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.util.Map;
import org.junit.jupiter.api.Test;

class S3WritingIT extends AbstractWriting {

  private final Buckets buckets = Buckets.create();
  private final String folder = Buckets.folder();

  @Override
  Place place() {
    return new BucketPlace(buckets, folder, buckets.port());
  }

  @Test
  void aWrongSecretAndAMissingBucketAreToldBeforeAnythingIsWritten() {
    Schema schema = Schema.of(Field.of("id", ColumnType.INT64));
    Map<String, StandardError> wrong =
        Map.of("accessKey", StandardError.ACCESS_DENIED, "bucket", StandardError.READ_REFUSED);
    wrong.forEach(
        (key, error) -> {
          Map<String, Object> options = place().writing("w");
          options.put(key, "not-the-right-one");
          TestContext context = TestContext.create();
          try (Writer writer = Rows.writer(place().connector(), options, context)) {
            AbstractReading.assertError(
                () -> writer.check(schema, context), error, key.equals("bucket") ? key : "secret");
          }
        });
    assertThat(place().names()).isEmpty();
  }

  @Test
  void aTaskThatWritesOneObjectLeavesTheUploadsOfObjectsNamedAlikeAlone() {
    buckets.beginUpload(folder + "all_2/part");
    buckets.beginUpload(folder + "all");
    Map<String, Object> options = place().writing("all");
    options.put("writeSingleObject", true);
    Rows.write(place().connector(), options, Sample.plain(3).batch());
    assertThat(place().names()).containsExactly("all");
    assertThat(buckets.uploads(folder)).containsExactly(folder + "all_2/part");
  }

  @Override
  void removeStaged() {
    buckets.abortUploads(folder);
  }

  @Test
  void theFolderAndNameOfOsswriterAreTogetherWhatObjectIsAlone() {
    Map<String, Object> apart = buckets.options(buckets.port());
    apart.putAll(Map.of("path", "/" + folder + "in", "fileName", "x", "writeMode", "truncate"));
    apart.put("writeSingleObject", true);
    Rows.write(new OssConnector(), apart, Sample.plain(3).batch());
    assertThat(place().names()).containsExactly("in/x");

    apart.put("object", "elsewhere");
    AbstractReading.assertError(
        () -> Rows.writer(new OssConnector(), apart, TestContext.create()),
        StandardError.CONFIGURATION,
        "'object'",
        "contradict");
    Map<String, Object> nowhere = buckets.options(buckets.port());
    nowhere.put("writeMode", "truncate");
    AbstractReading.assertError(
        () -> Rows.writer(new OssConnector(), nowhere, TestContext.create()),
        StandardError.CONFIGURATION,
        "option 'object' is missing");
  }
}
