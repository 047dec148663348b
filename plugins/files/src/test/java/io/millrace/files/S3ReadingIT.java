package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitRequest;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.net.FaultProxy;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class S3ReadingIT extends AbstractReading {

  private final Buckets buckets = Buckets.create();
  private final String folder = Buckets.folder();

  @Override
  Place place() {
    return new BucketPlace(buckets, folder, buckets.port());
  }

  private void assertRefused(Map<String, Object> changed, StandardError error, String... words) {
    place().put("x.csv", "1\n");
    Map<String, Object> options = new HashMap<>(place().reading("*.csv"));
    options.putAll(changed);
    assertError(() -> Rows.read(place().connector(), options), error, words);
  }

  @Test
  void aWrongSecretIsOneClearLineWithoutIt() {
    String wrong = "this-is-the-wrong-secret";
    assertRefused(Map.of("accessKey", wrong), StandardError.ACCESS_DENIED, "secret", "accessKey");
  }

  @Test
  void anUnknownAccessIdIsOneClearLine() {
    assertRefused(Map.of("accessId", "nobody"), StandardError.ACCESS_DENIED, "access");
  }

  @Test
  void aMissingBucketIsOneClearLine() {
    assertRefused(
        Map.of("bucket", "not-there"),
        StandardError.READ_REFUSED,
        "bucket 'not-there'",
        "does not exist");
  }

  @Test
  void anEndpointWhereNothingAnswersIsOneClearLine() {
    assertRefused(
        Map.of("endpoint", "http://127.0.0.1:1", "maxRetries", 0),
        StandardError.CONNECT,
        "nothing answers",
        "127.0.0.1:1");
  }

  @Test
  void anEndpointWithTlsWhereThereIsNoneIsOneClearLine() {
    assertRefused(
        Map.of("endpoint", "https://127.0.0.1:" + buckets.port(), "maxRetries", 0),
        StandardError.CONNECT,
        "speaks no TLS",
        "http://");
  }

  @Test
  void moreThanAPageOfObjectsIsListed() {
    int objects = 1100;
    IntStream.range(0, objects)
        .parallel()
        .forEach(i -> buckets.put(folder + "many/" + i + ".csv", i + "\n"));
    TestContext context = TestContext.create();
    try (Reader reader = Rows.reader(place().connector(), place().reading("many/"), context)) {
      SplitPlan plan = reader.split(new SplitRequest(4), context);
      assertThat(plan.rule()).contains("1100 files");
      assertThat(plan.splits()).hasSizeLessThan(30);
    }
  }

  @Test
  void aConnectionThatBreaksInTheMiddleOfAnObjectCostsNothing() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append(i).append(",0123456789012345678901234567890123456789\n");
    }
    place().put("broken.csv", text.toString());
    try (FaultProxy proxy = FaultProxy.before("127.0.0.1", buckets.port())) {
      Map<String, Object> options =
          new BucketPlace(buckets, folder, proxy.port()).reading("broken.csv");
      Thread cutter =
          new Thread(
              () -> {
                // Anywhere in the object is the subject, so this waits by the clock.
                for (int cuts = 0; cuts < 20; cuts++) {
                  proxy.cut();
                  try {
                    Thread.sleep(20);
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
      cutter.start();
      Rows.Read read = Rows.read(place().connector(), options);
      cutter.join();
      assertThat(read.records()).hasSize(200_000);
      assertThat(read.records().get(199_999).get(0)).isEqualTo("199999");
    }
  }
}
