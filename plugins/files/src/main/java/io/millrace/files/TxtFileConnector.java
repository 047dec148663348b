package io.millrace.files;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.files.option.Dialect;
import java.util.List;
import java.util.Optional;

/** Files of the local file system as DataX's tasks mean them. */
public final class TxtFileConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "txtfile",
        List.of("txtfilereader", "txtfilewriter"),
        "Files on the local file system, with what DataX means where a task says nothing.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new FilesConnector.LocalReaderFactory(Dialect.DATAX));
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new FilesConnector.LocalWriterFactory(Dialect.DATAX));
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new LocalConnectionTest());
  }
}
