package io.millrace.loghub;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.loghub.connect.LogHubConnectionTest;
import io.millrace.loghub.read.LogHubReaderFactory;
import io.millrace.loghub.write.LogHubWriterFactory;
import java.util.List;
import java.util.Optional;

/** Reads and writes logstores. */
public final class LogHubConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "loghub",
        List.of("loghubreader", "loghubwriter"),
        "Reads and writes the logstores of Alibaba Cloud Simple Log Service (LogHub).");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new LogHubReaderFactory());
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new LogHubWriterFactory());
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new LogHubConnectionTest());
  }
}
