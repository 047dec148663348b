package io.millrace.datahub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.plugin.PluginProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip, in a process that has nothing else of it. */
class DataHubPluginIT {

  @Test
  void theZipHoldsAllItNeedsAndShowsNoKey(@TempDir Path directory) {
    try (FakeDataHub service = new FakeDataHub()) {
      FakeTopic from = service.create(Map.of("n", "bigint"), 3).arriveAt(Samples.ARRIVAL);
      FakeTopic to = service.create(Map.of("n", "bigint"), 2);
      for (int n = 0; n < 100; n++) {
        from.put(String.valueOf(n).getBytes(StandardCharsets.UTF_8));
      }

      PluginProcess.Ended ended =
          new PluginProcess(Path.of(System.getProperty("millrace.plugin", "")), directory)
              .with("TEST_ACCESS_ID", FakeDataHub.ACCESS_ID)
              .with("TEST_ACCESS_KEY", FakeDataHub.ACCESS_KEY)
              .run(task(from, to), sources(service));

      assertThat(ended.exitCode()).as(ended.log()).isZero();
      assertThat(to.texts()).hasSize(100).contains(List.of("99"));
      assertThat(ended.log())
          .contains("at most 3 of the 8 channels", "DataHub has no transactions")
          .doesNotContain(FakeDataHub.ACCESS_ID, FakeDataHub.ACCESS_KEY);
    }
  }

  private static String task(FakeTopic from, FakeTopic to) {
    return """
      {"job": {"setting": {"speed": {"channel": 8}, "errorLimit": {"record": 0}},
        "content": [{
          "reader": {"name": "datahubreader", "parameter": {
            "datasource": "hub", "topic": "%s", "column": ["n"], "batchSize": 1024,
            "beginDateTime": "20231114000000", "endDateTime": "20231116000000"}},
          "writer": {"name": "datahubwriter", "parameter": {
            "datasource": "hub", "topic": "%s", "column": ["n"],
            "maxCommitSize": 1048576, "maxRetryCount": 500}}}]}}
      """
        .formatted(from.name(), to.name());
  }

  private static String sources(FakeDataHub service) {
    return """
      hub:
        type: datahub
        endpoint: %s
        project: %s
        accessId: {env: TEST_ACCESS_ID}
        accessKey: {env: TEST_ACCESS_KEY}
      """
        .formatted(service.endpoint(), FakeDataHub.PROJECT);
  }

  private static byte[] bytes(int number) {
    return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aReadThatIsKilledAndResumedDeliversExactlyTheWindow(@TempDir Path directory) {
    try (FakeDataHub service = new FakeDataHub()) {
      FakeTopic from =
          service.create(Map.of("n", "bigint"), 4).arriveAt(Samples.ARRIVAL).answerAtMost(10);
      FakeTopic to = service.create(Map.of("n", "bigint"), 2);
      Set<List<String>> window = new HashSet<>();
      for (int n = 0; n < 400; n++) {
        from.put(bytes(n));
        window.add(List.of(String.valueOf(n)));
      }
      String get = "get " + from.name();
      service.failAfter(get, 25, new Fault.Hanging());

      PluginProcess.Ended ended =
          new PluginProcess(Path.of(System.getProperty("millrace.plugin", "")), directory)
              .with("TEST_ACCESS_ID", FakeDataHub.ACCESS_ID)
              .with("TEST_ACCESS_KEY", FakeDataHub.ACCESS_KEY)
              .runKilledAndResumed(
                  task(from, to),
                  sources(service),
                  () -> service.awaitHanging(get),
                  () -> {
                    service.recover(get);
                    from.split(3);
                    from.put(4, FakeTopic.record(bytes(9999)));
                    from.put(0, FakeTopic.record(bytes(9999)));
                  });

      assertThat(ended.exitCode()).as(ended.log()).isZero();
      // The target has no transactions, so a record may be there twice; none is lost or too many.
      assertThat(Set.copyOf(to.texts())).isEqualTo(window);
      assertThat(ended.log()).contains("read 400R, written 400R");
    }
  }
}
