package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import io.millrace.testkit.net.FaultProxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class S3WriterContractIT extends WriterContractTest {

  private final Buckets buckets = Buckets.create();
  private @Nullable FaultProxy proxy;

  @Override
  protected Connector connector() {
    return new ObjectsConnector();
  }

  /** What a subclass writes with besides. */
  Map<String, Object> more() {
    return Map.of();
  }

  @Override
  protected TargetFixture target(Schema schema) {
    return buckets.target(schema, buckets.port(), more());
  }

  @Override
  protected StallingTarget stallingTarget(Schema schema) {
    FaultProxy own = FaultProxy.before("127.0.0.1", buckets.port());
    proxy = own;
    return new StallingTarget(buckets.target(schema, own.port(), more()), own::hang);
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability != WriterAbility.FIXED_COLUMNS;
  }

  @AfterEach
  void closeProxy() {
    FaultProxy own = proxy;
    if (own != null) {
      own.close();
    }
  }
}
