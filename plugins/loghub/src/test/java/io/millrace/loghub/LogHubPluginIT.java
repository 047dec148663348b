package io.millrace.loghub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.plugin.PluginProcess;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip, in a process that has nothing else of it. */
class LogHubPluginIT {

  @Test
  void theZipHoldsAllItNeedsAndShowsNoKey(@TempDir Path directory) {
    try (FakeLogService service = new FakeLogService()) {
      FakeLogstore from = service.create(3).arriveAt(Samples.ARRIVAL);
      FakeLogstore to = service.create(2);
      for (int n = 0; n < 100; n++) {
        from.put(FakeLogstore.group(Map.of("n", String.valueOf(n))));
      }

      PluginProcess.Ended ended =
          new PluginProcess(Path.of(System.getProperty("millrace.plugin", "")), directory)
              .with("TEST_ACCESS_ID", FakeLogService.ACCESS_ID)
              .with("TEST_ACCESS_KEY", FakeLogService.ACCESS_KEY)
              .run(task(from, to), sources(service));

      assertThat(ended.exitCode()).as(ended.log()).isZero();
      assertThat(to.logs()).hasSize(100).contains(Map.of("n", "99", "topic", "t"));
      assertThat(ended.log())
          .contains("at most 3 of the 8 channels", "LogHub has no transactions")
          .doesNotContain(FakeLogService.ACCESS_ID, FakeLogService.ACCESS_KEY);
    }
  }

  private static String task(FakeLogstore from, FakeLogstore to) {
    return """
      {"type": "job", "version": "2.0", "steps": [
        {"stepType": "loghub", "name": "Reader", "category": "reader", "parameter": {
          "datasource": "logs", "logstore": "%s", "column": ["n", "C_Topic"],
          "beginDateTime": "20231114000000", "endDateTime": "20231116000000",
          "batchSize": 256}},
        {"stepType": "loghub", "name": "Writer", "category": "writer", "parameter": {
          "datasource": "logs", "logstore": "%s", "column": ["n", "topic"]}}],
       "order": {"hops": [{"from": "Reader", "to": "Writer"}]},
       "setting": {"errorLimit": {"record": "0"}, "speed": {"concurrent": 8}}}
      """
        .formatted(from.name(), to.name());
  }

  private static String sources(FakeLogService service) {
    return """
      logs:
        type: loghub
        endpoint: %s
        project: %s
        accessId: {env: TEST_ACCESS_ID}
        accessKey: {env: TEST_ACCESS_KEY}
        proxyHost: 127.0.0.1
        proxyPort: %d
      """
        .formatted(FakeLogService.ENDPOINT, FakeLogService.PROJECT, service.port());
  }

  @Test
  void aReadThatIsKilledAndResumedDeliversExactlyTheWindow(@TempDir Path directory) {
    try (FakeLogService service = new FakeLogService()) {
      FakeLogstore from = service.create(4).arriveAt(Samples.ARRIVAL).answerAtMost(10);
      FakeLogstore to = service.create(2);
      Set<String> window = new HashSet<>();
      for (int n = 0; n < 400; n++) {
        from.put(FakeLogstore.group(Map.of("n", String.valueOf(n))));
        window.add(String.valueOf(n));
      }
      String pull = "pull " + from.name();
      service.failAfter(pull, 25, new Fault.Hanging());

      PluginProcess.Ended ended =
          new PluginProcess(Path.of(System.getProperty("millrace.plugin", "")), directory)
              .with("TEST_ACCESS_ID", FakeLogService.ACCESS_ID)
              .with("TEST_ACCESS_KEY", FakeLogService.ACCESS_KEY)
              .runKilledAndResumed(
                  task(from, to),
                  sources(service),
                  () -> service.awaitHanging(pull),
                  () -> {
                    service.recover(pull);
                    from.split(3);
                    from.put(4, Map.of("n", "late"));
                    from.put(0, Map.of("n", "late"));
                  });

      assertThat(ended.exitCode()).as(ended.log()).isZero();
      // The target has no transactions, so a record may be there twice; none is lost or too many.
      assertThat(to.logs().stream().map(log -> log.get("n")).collect(Collectors.toSet()))
          .isEqualTo(window);
      assertThat(ended.log()).contains("read 400R, written 400R");
    }
  }
}
