package io.millrace.loghub.read;

import io.millrace.api.Connector;
import io.millrace.loghub.LogHubConnector;
import io.millrace.loghub.Samples;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.sample.Sample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every reader promises, through the service's own client. */
class LogHubReaderContractTest extends ReaderContractTest {

  private static FakeLogService service;

  @BeforeAll
  static void start() {
    service = new FakeLogService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Override
  protected Connector connector() {
    return new LogHubConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return Samples.source(service, sample);
  }

  @Override
  protected StallingSource stallingSource(Sample sample) {
    FakeLogstore store = Samples.fill(service, sample).answerAtMost(1);
    return new StallingSource(
        SourceFixture.holding(sample, Samples.reading(service, store, sample.schema())),
        () -> service.hang("pull " + store.name()));
  }
}
