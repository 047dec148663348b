package io.millrace.engine.task;

import java.util.Locale;

/** Knows what connectors declare of their options. Safe for use by several threads. */
public interface Declarations {

  /** Knows no connector. */
  Declarations NONE = connector -> OptionRules.UNKNOWN;

  /**
   * What a connector declares, at both ends.
   *
   * @param connector its name or an alias, as a task or a data source has it
   * @return {@link OptionRules#UNKNOWN} when it is not here
   */
  OptionRules rules(String connector);

  /** A connector's own name. */
  default String name(String connector) {
    return connector.toLowerCase(Locale.ROOT).replaceAll("(reader|writer)$", "");
  }
}
