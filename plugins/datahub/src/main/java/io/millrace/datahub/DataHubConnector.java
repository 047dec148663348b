package io.millrace.datahub;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.datahub.connect.DataHubConnectionTest;
import io.millrace.datahub.read.DataHubReaderFactory;
import io.millrace.datahub.write.DataHubWriterFactory;
import java.util.List;
import java.util.Optional;

/** Reads and writes topics. */
public final class DataHubConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "datahub",
        List.of("datahubreader", "datahubwriter"),
        "Reads and writes the topics of Alibaba Cloud DataHub.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new DataHubReaderFactory());
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new DataHubWriterFactory());
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new DataHubConnectionTest());
  }
}
