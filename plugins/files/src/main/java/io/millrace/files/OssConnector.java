package io.millrace.files;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.files.option.Dialect;
import io.millrace.files.s3.BucketConnectionTest;
import java.util.List;
import java.util.Optional;

/** Objects as the tasks of DataX and DataWorks mean them. */
public final class OssConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "oss",
        List.of("ossreader", "osswriter"),
        "Objects in Alibaba OSS and others that speak S3, with what DataX and DataWorks mean where a task says nothing.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new ObjectsConnector.ObjectReaderFactory(Dialect.DATAX));
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new ObjectsConnector.ObjectWriterFactory(Dialect.DATAX));
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new BucketConnectionTest());
  }
}
