package io.millrace.engine.connector;

import io.millrace.api.Connector;
import io.millrace.api.error.MillraceException;
import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.OptionRules;
import java.util.Locale;
import java.util.Optional;

/** What the connectors declare that are here. Looks a connector up each time it is asked for. */
public final class InstalledDeclarations implements Declarations {

  private final Connectors connectors;

  public InstalledDeclarations(Connectors connectors) {
    this.connectors = connectors;
  }

  @Override
  public OptionRules rules(String connector) {
    return find(connector).map(OptionRules::of).orElse(OptionRules.UNKNOWN);
  }

  @Override
  public String name(String connector) {
    return find(connector)
        .map(found -> found.info().name().toLowerCase(Locale.ROOT))
        .orElseGet(() -> Declarations.super.name(connector));
  }

  private Optional<Connector> find(String connector) {
    try {
      return connectors.find(connector);
    } catch (MillraceException e) {
      // A plugin that cannot be loaded declares nothing; whoever runs a task with it is told.
      return Optional.empty();
    }
  }
}
