package io.millrace.datahub.read;

import io.millrace.api.Connector;
import io.millrace.datahub.DataHubConnector;
import io.millrace.datahub.Samples;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every reader promises, through the service's own client. */
class DataHubReaderContractTest extends ReaderContractTest {

  private static FakeDataHub service;

  @BeforeAll
  static void start() {
    service = new FakeDataHub();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Override
  protected Connector connector() {
    return new DataHubConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return Samples.source(service, sample);
  }

  @Override
  protected Set<TypeCase> types() {
    return Samples.types();
  }

  @Override
  protected StallingSource stallingSource(Sample sample) {
    FakeTopic topic = Samples.fill(service, sample).answerAtMost(2);
    return new StallingSource(
        SourceFixture.holding(sample, Samples.reading(service, topic)),
        () -> service.hang("get " + topic.name()));
  }
}
