package io.millrace.engine.connector;

import io.millrace.api.Connector;
import io.millrace.api.LocalFiles;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The connectors that tasks may name. Safe for use by several threads. */
public interface Connectors {

  /** Every connector, by name. */
  List<Connector> all();

  /** The names and aliases of every connector; may be cheaper than {@link #all()}. */
  default Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Connector connector : all()) {
      names.add(connector.info().name());
      names.addAll(connector.info().aliases());
    }
    return names;
  }

  /** The connector with this name or alias, in any case. */
  default Optional<Connector> find(String name) {
    return all().stream()
        .filter(
            connector ->
                connector.info().name().equalsIgnoreCase(name)
                    || connector.info().aliases().stream().anyMatch(name::equalsIgnoreCase))
        .findFirst();
  }

  /** Which files of this machine tasks may reach by them. */
  default LocalFiles files() {
    return LocalFiles.ANYWHERE;
  }

  /** Exactly these connectors, for tests. */
  static Connectors of(Connector... connectors) {
    List<Connector> list = List.of(connectors);
    return () -> list;
  }
}
