package io.millrace.scheduler.datasource;

import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.InlineConnections;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Turns the connections that stand inside a task file into data sources, one for each distinct
 * connection. Nothing is created here.
 */
public final class DataSourceImport {

  private final String prefix;
  private final String owner;
  private final Predicate<String> taken;
  private final Map<List<Object>, NewDataSource> found = new LinkedHashMap<>();

  private DataSourceImport(String prefix, String owner, Predicate<String> taken) {
    this.prefix = prefix;
    this.owner = owner;
    this.taken = taken;
  }

  /**
   * What an import makes of a file.
   *
   * @param script the task, without secrets; the file's own text when it held none
   * @param dataSources to be created before the task; hold secrets: never print them
   */
  public record Imported(String script, List<NewDataSource> dataSources) {

    public Imported {
      dataSources = List.copyOf(dataSources);
    }
  }

  /**
   * Takes the connections out of a task file.
   *
   * @param name the task's, which names the data sources
   * @param text DataX, DataWorks or Millrace's own form
   * @param owner of the data sources
   * @param declarations what the connectors declare as secret
   * @param taken whether a data source of this name is there already
   * @throws io.millrace.api.error.MillraceException in one line, when a secret cannot be taken out
   */
  public static Imported of(
      String name, String text, String owner, Declarations declarations, Predicate<String> taken) {
    String plain = name.replaceAll("[^\\p{L}\\p{N}_-]", "_");
    DataSourceImport work =
        new DataSourceImport(plain.substring(0, Math.min(40, plain.length())), owner, taken);
    String script = InlineConnections.extract(name, text, declarations, work::nameOf);
    InlineConnections.refuseSecrets(name, script, declarations);
    return new Imported(script, new ArrayList<>(work.found.values()));
  }

  private String nameOf(String connector, Map<String, Object> options) {
    String type = connector.toLowerCase(Locale.ROOT).replaceAll("(reader|writer)$", "");
    Map<String, Object> comparable = new LinkedHashMap<>();
    // DataX readers have a list of one where writers have a text.
    options.forEach(
        (key, value) ->
            comparable.put(
                key.toLowerCase(Locale.ROOT),
                value instanceof List<?> list && list.size() == 1 ? list.get(0) : value));
    return found
        .computeIfAbsent(
            List.of(type, comparable),
            key -> new NewDataSource(free(type), type, options, "imported", owner))
        .name();
  }

  private String free(String type) {
    String base = prefix + "_" + type;
    String name = base;
    for (int number = 2; taken.test(name) || isFound(name); number++) {
      name = base + "_" + number;
    }
    return name;
  }

  private boolean isFound(String name) {
    return found.values().stream().anyMatch(each -> each.name().equals(name));
  }
}
