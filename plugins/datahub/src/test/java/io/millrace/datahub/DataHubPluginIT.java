package io.millrace.datahub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.testkit.plugin.PluginProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
      String task =
          """
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
      String sources =
          """
          hub:
            type: datahub
            endpoint: %s
            project: %s
            accessId: {env: TEST_ACCESS_ID}
            accessKey: {env: TEST_ACCESS_KEY}
          """
              .formatted(service.endpoint(), FakeDataHub.PROJECT);

      PluginProcess.Ended ended =
          new PluginProcess(Path.of(System.getProperty("millrace.plugin", "")), directory)
              .with("TEST_ACCESS_ID", FakeDataHub.ACCESS_ID)
              .with("TEST_ACCESS_KEY", FakeDataHub.ACCESS_KEY)
              .run(task, sources);

      assertThat(ended.exitCode()).as(ended.log()).isZero();
      assertThat(to.texts()).hasSize(100).contains(List.of("99"));
      assertThat(ended.log())
          .contains("at most 3 of the 8 channels", "DataHub has no transactions")
          .doesNotContain(FakeDataHub.ACCESS_ID, FakeDataHub.ACCESS_KEY);
    }
  }
}
