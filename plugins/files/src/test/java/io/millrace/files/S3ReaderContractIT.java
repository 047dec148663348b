package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.sample.Sample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class S3ReaderContractIT extends ReaderContractTest {

  private final Buckets buckets = Buckets.create();
  private @Nullable FaultProxy proxy;

  @Override
  protected Connector connector() {
    return new ObjectsConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return buckets.source(sample, buckets.port());
  }

  @Override
  protected StallingSource stallingSource(Sample sample) {
    FaultProxy own = FaultProxy.before("127.0.0.1", buckets.port());
    proxy = own;
    return new StallingSource(buckets.source(sample, own.port()), own::hang);
  }

  @AfterEach
  void closeProxy() {
    FaultProxy own = proxy;
    if (own != null) {
      own.close();
    }
  }
}
