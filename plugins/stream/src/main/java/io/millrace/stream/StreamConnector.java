package io.millrace.stream;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Generates rows, and prints or discards them. */
public final class StreamConnector implements Connector {

  private final PrintedLines lines;

  /** Prints to standard output. */
  public StreamConnector() {
    this(new PrintedLines(() -> System.out));
  }

  StreamConnector(OutputStream out) {
    this(new PrintedLines(() -> out));
  }

  private StreamConnector(PrintedLines lines) {
    this.lines = lines;
  }

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "stream",
        List.of("streamreader", "streamwriter"),
        "Generates rows, and prints or discards them: for trying Millrace without a database.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new StreamReaderFactory());
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new StreamWriterFactory(lines));
  }
}
