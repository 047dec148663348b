package io.millrace.engine.attempt;

import io.millrace.api.ConnectionTest;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.TaskSettings;
import java.time.Clock;
import java.time.ZoneOffset;

/**
 * One test of the connection that a data source names, as its connector makes it. Used by one
 * thread, but for {@link #cancel}.
 */
public final class ConnectionTrial {

  private final String name;
  private final ConnectorSpec source;
  private final Connectors connectors;
  private final TaskContext context;
  private final CancellationSource cancellation = new CancellationSource();

  /**
   * Connects to nothing yet.
   *
   * @param name of the data source, for messages
   * @param source its type and its options, secrets included
   */
  public ConnectionTrial(String name, ConnectorSpec source, Connectors connectors, Clock clock) {
    this.name = name;
    this.source = source;
    this.connectors = connectors;
    this.context =
        Contexts.of(
                "data source " + name,
                TaskSettings.defaults(ZoneOffset.UTC).withChannels(1),
                connectors,
                clock)
            .withCertificates(source.certificates());
  }

  /**
   * Connects.
   *
   * @return one line that says what answered; parts of it may be marked
   * @throws MillraceException in one line, why not
   */
  public String run() {
    ConnectionTest test =
        Ends.find(source, connectors)
            .connectionTest()
            .orElseThrow(
                () ->
                    new MillraceException(
                        StandardError.CONFIGURATION,
                        "connector '" + source.connector() + "' has no connection test"));
    Options.Checked checked = Options.check(test.options(), source.options());
    if (!checked.problems().isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "data source '" + name + "': " + String.join("; ", checked.problems()));
    }
    return test.test(
        checked.options(), new CallContext(context, new WarningLines(line -> {}), cancellation));
  }

  /** Unblocks a call in progress; from any thread. */
  public void cancel(String reason) {
    cancellation.cancel(reason);
  }
}
