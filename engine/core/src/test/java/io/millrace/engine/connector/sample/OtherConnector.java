package io.millrace.engine.connector.sample;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import java.util.List;

/** A connector that can do nothing, under another name. */
public final class OtherConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo("other", List.of(), "Does nothing.");
  }
}
