package io.millrace.api;

import java.util.List;

/**
 * How a connector is called.
 *
 * @param name the name used in task files, lower case, for example {@code mysql}
 * @param aliases other names it answers to, such as the DataX names {@code mysqlreader} and {@code
 *     mysqlwriter}
 * @param description one sentence for people
 */
public record ConnectorInfo(String name, List<String> aliases, String description) {

  public ConnectorInfo {
    if (!name.matches("[a-z][a-z0-9_-]*")) {
      throw new IllegalArgumentException(
          "Connector name '" + name + "' must match [a-z][a-z0-9_-]*");
    }
    aliases = List.copyOf(aliases);
  }
}
